package dev.zoetrope.app;

import dev.zoetrope.app.fx.Frames;
import dev.zoetrope.engine.EngineServer;
import dev.zoetrope.runtime.UserFolders;

import javafx.stage.Stage;
import javafx.stage.Window;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Does what people do first, and ends. A package is made with an archive of the classes that this
 * takes; and a start can be timed.
 */
public final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private Rehearsal() {}

    /**
     * Rehearses what is named, in a process of its own: {@code window} ends when it could be used,
     * {@code studio} looks at each page first, {@code commands} makes a clip, and {@code engine}
     * makes one with an engine in this process.
     */
    public static void main(String[] what) throws IOException {
        switch (what[0]) {
            case "window" -> StudioMain.launch(Opening.class);
            case "studio" -> StudioMain.launch(Tour.class);
            case "commands" -> System.exit(commands());
            case "engine" -> engine();
            default -> throw new IllegalArgumentException(what[0]);
        }
    }

    /** Opens the window and closes it as soon as it can be used. */
    public static class Opening extends StudioApplication {
        @Override
        public void start(Stage stage) {
            super.start(stage);
            Frames.after(Frames.DRAWN, this::opened);
        }

        /** Ends at once, so that this took what a start takes. */
        void opened() {
            Runtime.getRuntime().halt(0);
        }
    }

    /** Looks at each page before it closes the window. */
    public static final class Tour extends Opening {
        private static final int PAGES = 6;
        private static final Duration TO_ANSWER = Duration.ofMinutes(2);

        private final long began = System.nanoTime();

        @Override
        void opened() {
            show(0);
        }

        private void show(int page) {
            if (page < PAGES) {
                composition().window().show(page);
                Frames.after(Frames.DRAWN, () -> show(page + 1));
            } else if (composition().models().listedProperty().get()) {
                List.copyOf(Window.getWindows()).forEach(Window::hide);
            } else if (System.nanoTime() - began < TO_ANSWER.toNanos()) {
                Frames.after(Frames.DRAWN, () -> show(page)); // the engine has yet to answer
            } else {
                LOG.error("the engine has not said which models there are");
                Runtime.getRuntime().halt(1);
            }
        }
    }

    private static void engine() throws IOException {
        int status;
        try (EngineServer _ =
                EngineServer.start(UserFolders.ofThisSystem(), Optional.empty()).orElseThrow()) {
            status = commands();
        }
        System.exit(status);
    }

    private static int commands() throws IOException {
        Path clip = Files.createTempDirectory("rehearsal").resolve("clip.mp4");
        int status =
                Stream.of(
                                List.of("--version"),
                                List.of(
                                        "generate",
                                        "a red fish",
                                        "--steps",
                                        "2",
                                        "-o",
                                        clip.toString()),
                                List.of("jobs", "list"))
                        .mapToInt(line -> Main.command(line.toArray(String[]::new)))
                        .sum();
        Files.delete(clip);
        Files.delete(clip.getParent());
        return status;
    }
}
