package dev.zoetrope.cli;

import com.google.common.collect.ImmutableMap;

import dev.zoetrope.engine.EngineClient;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.ModelEvaluationRequest;
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/** {@code zoetrope jobs}. */
@Command(
        addMethodSubcommands = false,
        name = "jobs",
        description = "Look at the queue, and change it.")
final class JobsCommand implements Callable<Integer> {
    private static final int LONGEST_NAME = 48;

    private static final String AS_LISTED = "As jobs list numbers it.";

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    JobsCommand() {}

    /** Which jobs. */
    static final class Ids {
        @Parameters(arity = "1..*", paramLabel = "JOB", description = AS_LISTED)
        private List<String> jobs = List.of();

        Ids() {}
    }

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Say list, or what to do with which jobs");
    }

    @Command(
            name = "list",
            description = "List all jobs: those that ended or run, then those to come.")
    int list(@Option(names = "--json", description = "JSON lines instead of text.") boolean json) {
        try (EngineClient engine = Runtimes.engine()) {
            List<QueuedJob> jobs = engine.jobs();
            if (json) {
                jobs.forEach(JobsCommand::printJson);
            } else if (jobs.isEmpty()) {
                System.out.println("There are no jobs.");
            } else {
                jobs.forEach(JobsCommand::print);
            }
            return 0;
        }
    }

    private static void print(QueuedJob job) {
        System.out.printf(
                Locale.ROOT,
                "%4s  %-9s  %5s  %-50s  %s%n",
                job.id(),
                word(job.status()),
                job.total() == 0
                        ? ""
                        : "%.0f %%"
                                .formatted(100.0 * job.done() / Math.max(job.done(), job.total())),
                name(job.request()),
                result(job.request()).map(Path::toString).orElse(""));
        job.problem()
                .ifPresent(problem -> {
                    System.out.println("      " + problem.cause());
                    System.out.println("      " + problem.remedy());
                });
    }

    private static void printJson(QueuedJob job) {
        ImmutableMap.Builder<String, Object> fields = ImmutableMap.builder();
        fields.put("job", job.id());
        fields.put("status", word(job.status()));
        fields.put("done", job.done());
        fields.put("total", job.total());
        fields.put("what", name(job.request()));
        result(job.request()).ifPresent(path -> fields.put("output", path.toString()));
        fields.put("submitted", job.submitted().toString());
        job.started().ifPresent(started -> fields.put("started", started.toString()));
        job.ended().ifPresent(ended -> fields.put("ended", ended.toString()));
        job.problem().ifPresent(problem -> fields.put("problem", problem.cause()));
        Json.print(fields.build());
    }

    private static String word(QueuedJob.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static String name(JobRequest request) {
        String name =
                switch (request) {
                    case GenerationRequest r -> r.prompt();
                    case ReconstructionRequest r -> "reconstruct " + r.input().getFileName();
                    case CodecTrainingRequest _ -> "train codec";
                    case DenoiserTrainingRequest _ -> "train denoiser";
                    case EvaluationRequest r -> "evaluate " + r.codec();
                    case ModelEvaluationRequest r -> "evaluate " + r.model();
                    case CalibrationRequest r -> "calibrate " + r.model();
                    default -> request.getClass().getSimpleName();
                };
        return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
    }

    private static Optional<Path> result(JobRequest request) {
        return switch (request) {
            case GenerationRequest r -> Optional.of(r.output());
            case ReconstructionRequest r -> Optional.of(r.output());
            case CodecTrainingRequest r -> Optional.of(r.run());
            case DenoiserTrainingRequest r -> Optional.of(r.run());
            default -> Optional.empty();
        };
    }

    @Command(
            name = "pause",
            description = "Keep jobs from having their turn; what runs goes on from there later.")
    int pause(@Mixin Ids ids) {
        return change(ids.jobs, JobLedger::pause);
    }

    @Command(
            name = "resume",
            description = "Let jobs that are paused, parked, cancelled or failed go on.")
    int resume(@Mixin Ids ids) {
        return change(ids.jobs, JobLedger::resume);
    }

    @Command(name = "cancel", description = "Stop jobs now.")
    int cancel(@Mixin Ids ids) {
        return change(ids.jobs, JobLedger::stop);
    }

    @Command(
            name = "finish",
            description = "End what runs after this step, and keep what comes of it.")
    int finish(@Mixin Ids ids) {
        return change(ids.jobs, JobLedger::finishEarly);
    }

    @Command(name = "remove", description = "Take jobs out of the list; what they made stays.")
    int remove(@Mixin Ids ids) {
        return change(ids.jobs, JobLedger::remove);
    }

    @Command(name = "move", description = "Give a job its turn before another, or after all.")
    int move(
            @Parameters(paramLabel = "JOB", description = AS_LISTED) String job,
            @Option(names = "--before", paramLabel = "JOB", description = "At the end without it.")
                    @Nullable String before) {
        return change(
                List.of(job),
                (engine, one) -> engine.move(one.getFirst(), Optional.ofNullable(before)));
    }

    @Command(name = "duplicate", description = "Line jobs up again.")
    int duplicate(@Mixin Ids ids) {
        return change(
                ids.jobs,
                (engine, which) -> {
                    List<QueuedJob> all = engine.jobs();
                    List<String> added =
                            engine.submit(which.stream().map(id -> find(all, id)).toList());
                    System.out.println("Jobs " + String.join(", ", added));
                });
    }

    private static JobRequest find(List<QueuedJob> jobs, String id) {
        return jobs.stream()
                .filter(job -> job.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Impossible.JobUnknown(id).asException())
                .request();
    }

    private static int change(List<String> jobs, BiConsumer<EngineClient, List<String>> change) {
        try (EngineClient engine = Runtimes.engine()) {
            change.accept(engine, jobs);
            return 0;
        }
    }
}
