package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** What becomes of a file that the desktop opens with this. */
@NeedsFontLibraries
final class OpenedFilesTest {
    private static final PaperScene SCENE = new PaperScene(96, 54, 12, 12);
    private static final int RECONSTRUCT = 1;
    private static final int LIBRARY = 3;
    private static final int MODELS = 4;

    @TempDir Path home;

    @AutoClose private Studio studio;

    @BeforeEach
    void open() throws TimeoutException {
        studio = Studio.open(home, new FakeRuntime(SCENE));
    }

    @Test
    void aClipThatWasMadeHereShowsHow() throws Exception {
        Path clip = Clips.make(home.resolve("boat.mp4"), "a paper boat", "starter", SCENE, 1);

        open(clip);

        studio.await("it is shown", () -> studio.shows("boat.mp4"));
        assertEquals(LIBRARY, shown());
    }

    @Test
    void anyOtherVideoGoesThroughACodec() throws Exception {
        Path video = Files.write(home.resolve("holiday.mp4"), new byte[] {1, 2, 3});

        open(video);

        studio.await(
                "it is taken",
                () -> studio.model().sourceProperty().get().equals(Optional.of(video)));
        assertEquals(RECONSTRUCT, shown());
    }

    @Test
    void weightsAreInstalled() throws Exception {
        Path weights = Files.write(home.resolve("Mine.SafeTensors"), new byte[8]);

        open(weights);

        assertEquals(MODELS, shown());
        studio.await(
                "it has been looked at",
                () ->
                        studio.composition.models().problemProperty().get().isPresent()
                                || studio.composition.models().models().stream()
                                        .anyMatch(model -> model.name().equals("Mine")));
    }

    private void open(Path file) {
        Studio.fx(() -> {
            studio.composition.open(file);
            return true;
        });
    }

    private int shown() {
        return Studio.fx(() -> studio.composition.window().shown());
    }
}
