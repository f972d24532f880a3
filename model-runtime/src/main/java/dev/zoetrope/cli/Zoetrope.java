package dev.zoetrope.cli;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;

import dev.zoetrope.engine.EarlyLine;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.Version;
import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import java.lang.reflect.Method;
import java.util.concurrent.Callable;

/**
 * The command line. Results go to stdout, everything else to stderr; exit code 0 for success, 1 for
 * a problem, 2 for wrong usage, 130 when cancelled.
 */
@Command(
        name = "zoetrope",
        mixinStandardHelpOptions = true,
        version = "zoetrope " + Version.NUMBER,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        description = "A video-generation studio. Without a command, opens its window.")
public final class Zoetrope implements Callable<Integer> {
    static final int PROBLEM = 1;
    static final int CANCELLED = 130;

    /** By name, as to ask their annotations takes 20 ms. */
    static final ImmutableMap<String, Class<?>> COMMANDS =
            ImmutableMap.<String, Class<?>>builder()
                    .put("generate", GenerateCommand.class)
                    .put("estimate", EstimateCommand.class)
                    .put("reconstruct", ReconstructCommand.class)
                    .put("compare", CompareCommand.class)
                    .put("verify", VerifyCommand.class)
                    .put("train", TrainCommand.class)
                    .put("evaluate", EvaluateCommand.class)
                    .put("jobs", JobsCommand.class)
                    .put("models", ModelsCommand.class)
                    .put("inspect", InspectCommand.class)
                    .put("gpu", GpuCommand.class)
                    .put("doctor", DoctorCommand.class)
                    .put("bench", BenchCommand.class)
                    .put("engine", EngineCommand.class)
                    .buildOrThrow();

    /** Those that have the user's engine work. */
    private static final ImmutableSet<Class<?>> ASKING =
            ImmutableSet.of(
                    GenerateCommand.class,
                    ReconstructCommand.class,
                    TrainCommand.class,
                    JobsCommand.class);

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Print what the program logs.")
    private boolean verbose;

    @Option(
            names = "--device",
            scope = ScopeType.INHERIT,
            description =
                    "What models compute on, in this process: ${COMPLETION-CANDIDATES}; a GPU where"
                            + " there is one without it.")
    private @Nullable ComputeDevice device;

    @Option(
            names = "--engine",
            paramLabel = "HOST:PORT|none",
            scope = ScopeType.INHERIT,
            description =
                    "Who does the work: an engine on another machine, or none but this process; the"
                            + " engine of this user without it.")
    private @Nullable String engine;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    Zoetrope() {}

    public static void main(String[] args) {
        System.exit(start(args));
    }

    /** Runs the command line that a process was started with, and returns its exit code. */
    public static int start(String... args) {
        if (args.length == 0 || !ASKING.contains(COMMANDS.get(args[0]))) {
            return run(args);
        }
        try (EarlyLine _ = EarlyLine.open(UserFolders.ofThisSystem())) {
            return run(args);
        }
    }

    /** Runs one command line and returns its exit code. */
    static int run(String... args) {
        Zoetrope root = new Zoetrope();
        CommandLine line = new CommandLine(root);
        commands(args).forEach(type -> line.addSubcommand(command(type, args)));
        line.setExecutionStrategy(parsed -> {
            Logging.configure(root.verbose);
            if (root.device != null) {
                System.setProperty(ComputeDevice.PROPERTY, root.device.name());
            }
            if (root.engine != null) {
                System.setProperty(Runtimes.PROPERTY, root.engine);
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setExecutionExceptionHandler((e, _, _) -> explain(e));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line.execute(args);
    }

    /** The one that is named first or, where none is, all: to read them all takes 0.1 s. */
    private static ImmutableCollection<Class<?>> commands(String... args) {
        String first = args.length == 0 ? "" : args[0];
        if (first.equals("--version") || first.equals("-V")) {
            return ImmutableList.of();
        }
        Class<?> named = COMMANDS.get(first);
        return named == null ? COMMANDS.values() : ImmutableList.of(named);
    }

    /** With that of its methods which is named second or, where none is, with all. */
    private static CommandLine command(Class<?> type, String... args) {
        CommandLine line = new CommandLine(type);
        var methods =
                CommandLine.getCommandMethods(type, null).stream()
                        .collect(toImmutableMap(Zoetrope::name, method -> method));
        Method named = args.length < 2 ? null : methods.get(args[1]);
        (named == null ? methods.values() : ImmutableList.of(named))
                .forEach(method -> line.addSubcommand(name(method), method));
        return line;
    }

    private static String name(Method command) {
        return command.getAnnotation(Command.class).name();
    }

    private static int explain(Exception e) {
        // Not a constant: a command would begin with 40 ms of setting logging up.
        Logger log = LoggerFactory.getLogger(Zoetrope.class);
        return switch (e) {
            case ProblemException p -> {
                log.debug("the command failed", e);
                yield print(p.problem());
            }
            case CancelledException _ -> CANCELLED;
            default -> {
                log.debug("the command failed unexpectedly", e);
                String text = String.valueOf(e.getMessage());
                yield print(new Problem.Unexpected(text));
            }
        };
    }

    static int print(Problem problem) {
        System.err.println(problem.cause());
        System.err.println(problem.remedy());
        return PROBLEM;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(System.out);
        return CommandLine.ExitCode.USAGE;
    }
}
