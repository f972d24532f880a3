package dev.zoetrope.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/** What libraries and Zoetrope log: nothing short of an error, or everything with --verbose. */
final class Logging {
    private Logging() {}

    static void configure(boolean verbose) {
        String settings =
                """
                handlers = java.util.logging.ConsoleHandler
                java.util.logging.ConsoleHandler.level = ALL
                java.util.logging.SimpleFormatter.format = %%4$s %%3$s: %%5$s%%6$s%%n
                .level = %s
                dev.zoetrope.level = %s
                """
                        .formatted(verbose ? "INFO" : "SEVERE", verbose ? "ALL" : "SEVERE");
        try {
            LogManager.getLogManager()
                    .readConfiguration(
                            new ByteArrayInputStream(settings.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
