package dev.zoetrope.cli;

import com.google.common.net.HostAndPort;

import dev.zoetrope.engine.EngineServer;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.problem.Problem;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code zoetrope engine}. */
@Command(
        name = "engine",
        description = {
            "Be the engine that windows and command lines have their work done by. They start one by"
                    + " themselves; this is for one that stays, or serves other machines.",
            "Those name it with --engine=HOST:PORT and have its token in ZOETROPE_ENGINE_TOKEN."
        })
final class EngineCommand implements Callable<Integer> {
    private static final int PORT = 7410;

    /** Until the heat death of the machine. */
    private static final Duration FOR_EVER = Duration.ofDays(100_000);

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Serve other machines too; wants all of the options below.")
    private @Nullable String listen;

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE.pem",
            description = "By which callers know that this is the engine they mean.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE.pem", description = "Of the certificate.")
    private @Nullable Path key;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Holds what every call must show, 16 characters or more.")
    private @Nullable Path token;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Callers may name files in it. May be given several times.")
    private List<Path> served = new ArrayList<>();

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    EngineCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        UserFolders folders = UserFolders.ofThisSystem();
        Optional<EngineServer> engine = EngineServer.start(folders, elsewhere());
        if (engine.isEmpty()) {
            throw new Problem.ImpossibleRequest(
                            "%s has an engine already.".formatted(folders.data()),
                            "Set ZOETROPE_HOME to another folder, or stop that one: it ends by"
                                    + " itself when nobody has used it for ten minutes.")
                    .asException();
        }
        try (EngineServer serving = engine.get()) {
            Runtime.getRuntime().addShutdownHook(new Thread(serving::close, "shutdown"));
            System.out.printf("Serving %s at port %d.%n", folders.data(), serving.port());
            serving.serve(FOR_EVER);
        }
        return 0;
    }

    private Optional<EngineServer.Elsewhere> elsewhere() {
        if (listen == null) {
            return Optional.empty();
        }
        if (certificate == null || key == null || token == null || served.isEmpty()) {
            throw usage(
                    "--listen wants --tls-certificate, --tls-key, --token-file and --folder:"
                            + " whoever reaches that address must be known.");
        }
        try {
            HostAndPort address = HostAndPort.fromString(listen).withDefaultPort(PORT);
            return Optional.of(
                    new EngineServer.Elsewhere(
                            new InetSocketAddress(address.getHost(), address.getPort()),
                            certificate,
                            key,
                            Files.readString(token).strip(),
                            served));
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(token, e).asException(e);
        }
    }

    private RuntimeException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
