package dev.zoetrope.cli;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.job.Cancellation;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code zoetrope models}. */
@Command(
        addMethodSubcommands = false,
        name = "models",
        description = "List, import and remove models.")
final class ModelsCommand implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    private final UserFolders folders = UserFolders.ofThisSystem();
    private final CheckpointStore store = new CheckpointStore(folders.models());

    ModelsCommand() {}

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Say list, import or remove");
    }

    @Command(name = "list", description = "List the installed models.")
    int list() {
        for (String name : store.names()) {
            String place =
                    store.kind(name)
                            .map(kind -> kind.words() + ", came with Zoetrope")
                            .orElseGet(() -> folders.models().resolve(name).toString());
            System.out.printf("%-24s  %s%n", name, place);
        }
        return 0;
    }

    @Command(
            name = "import",
            description = "Copy a model to the installed ones, once it is known to be whole.")
    int install(
            @Parameters(paramLabel = "DIR|FILE", description = "A model folder or weight file.")
                    Path place,
            @Option(names = "--name", paramLabel = "N", description = "The file's name without it.")
                    @Nullable String name) {
        Path from = place.toAbsolutePath().normalize();
        Inspection found;
        try (ModelRuntime runtime = LocalRuntime.open(folders)) {
            found = runtime.inspect(from);
        }
        String chosen = name == null ? CheckpointStore.stem(place) : name;
        Path folder = store.install(chosen, found, _ -> {}, new Cancellation());
        System.out.printf("Imported %s to %s%n", chosen, folder);
        return 0;
    }

    @Command(name = "remove", description = "Delete an imported model.")
    int remove(
            @Parameters(paramLabel = "NAME", description = "As models list names it.")
                    String name) {
        store.remove(name);
        System.out.println("Removed " + name);
        return 0;
    }
}
