package dev.zoetrope.engine;

import dev.zoetrope.runtime.UserFolders;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.LogManager;

/** The engine's process, as windows and command lines start it when there is none. */
public final class EngineMain {
    private static final Duration IDLE =
            Duration.ofSeconds(Long.getLong("zoetrope.engine.idle", 600));

    private EngineMain() {}

    /**
     * Serves until nobody has use for it.
     *
     * @param folders of the user: data, settings, cache and results
     */
    public static void main(String[] folders) throws InterruptedException, IOException {
        log();
        UserFolders user =
                new UserFolders(
                        Path.of(folders[0]),
                        Path.of(folders[1]),
                        Path.of(folders[2]),
                        Path.of(folders[3]));
        Optional<EngineServer> engine = EngineServer.start(user, Optional.empty());
        // Whoever was quicker serves those who started this one as well.
        if (engine.isPresent()) {
            try (EngineServer serving = engine.get()) {
                Runtime.getRuntime().addShutdownHook(new Thread(serving::close, "shutdown"));
                serving.serve(IDLE);
            }
        }
        System.exit(0);
    }

    /** What goes to the engine's log. That somebody sent nonsense is not worth a page of it. */
    private static void log() throws IOException {
        String settings =
                """
                handlers = java.util.logging.ConsoleHandler
                java.util.logging.SimpleFormatter.format = %1$tF %1$tT %4$s %3$s: %5$s%6$s%n
                .level = WARNING
                dev.zoetrope.level = INFO
                io.grpc.level = SEVERE
                """;
        LogManager.getLogManager()
                .readConfiguration(
                        new ByteArrayInputStream(settings.getBytes(StandardCharsets.UTF_8)));
    }
}
