package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Generator;
import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class LatentRgbTest {
    private final Kernels k = Kernels.inference();
    private final NDManager manager = Kernels.newManager();

    @TempDir Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void aMapThatIsLinearIsFound() {
        float[][] map = {
            {0.1f, 0, 0.02f}, {0, -0.1f, 0.03f}, {0.05f, 0.05f, 0}, {0.5f, 0.4f, 0.6f}
        };
        try (Generator generator = k.generator(1)) {
            NDArray latents = k.normal(manager, generator, 2, 3, 2, 4, 4);
            NDArray pixels = manager.zeros(new Shape(2, 3, 2, 4, 4));
            for (int colour = 0; colour < 3; colour++) {
                NDArray sum = manager.full(new Shape(2, 2, 4, 4), map[3][colour]);
                for (int c = 0; c < 3; c++) {
                    sum = sum.add(latents.get(new NDIndex(":, {}", c)).mul(map[c][colour]));
                }
                pixels.set(new NDIndex(":, {}", colour), sum);
            }

            float[] found = k.fitRgb(latents, pixels).toFloatArray();

            for (int i = 0; i < found.length; i++) {
                assertEquals(map[i / 3][i % 3], found[i], 1e-4);
            }
        }
    }

    @Test
    void aCellIsShownInItsColour() throws IOException {
        GenerationModel model =
                model("[[0,0,0],[0.5,0,0],[0,0,0],[0,0,0],[0,0,0],[0,0,0],[0,1,0.5]]");
        NDArray latents = manager.zeros(new Shape(1, 6, 2, 1, 2));
        latents.set(new NDIndex("0, 1, 1, 0, 1"), 1);

        List<Frame> frames = LatentRgb.of(model, manager, k).frames(latents, 4);

        assertEquals(List.of(0L, 250_000L), frames.stream().map(Frame::timeMicros).toList());
        assertEquals(ByteBuffer.wrap(bytes(0, 255, 128, 0, 255, 128)), frames.get(0).rgb());
        assertEquals(ByteBuffer.wrap(bytes(0, 255, 128, 128, 255, 128)), frames.get(1).rgb());
    }

    @Test
    void whatIsFittedIsKeptBesideTheCodecAndTakenFromThere() throws IOException {
        GenerationModel model = model();
        Path kept = folder.resolve("vae/latent_rgb.json");

        LatentRgb.of(model, manager, k);
        String fitted = Files.readString(kept);
        String edited = fitted.replaceFirst("\\d+\\.\\d+", "0.125");
        Files.writeString(kept, edited);
        LatentRgb.of(model, manager, k);

        assertTrue(!edited.equals(fitted), fitted);
        assertEquals(edited, Files.readString(kept));
    }

    @Test
    void whatCannotBeReadIsFittedAgain() throws IOException {
        GenerationModel model = model();
        Path kept = folder.resolve("vae/latent_rgb.json");
        Files.writeString(kept, "[[1, 2");

        LatentRgb.of(model, manager, k);

        assertTrue(Files.readString(kept).endsWith("]]"), Files.readString(kept));
    }

    @Test
    void aPublishedMapOfOtherLatentsIsRefused() throws IOException {
        GenerationModel model = model("[[1,0,0]]");

        ProblemException e =
                assertThrows(ProblemException.class, () -> LatentRgb.of(model, manager, k));

        assertEquals(
                folder.resolve("zoetrope.json"), ((Problem.CheckpointUnknown) e.problem()).file());
    }

    private GenerationModel model() {
        return GenerationModel.open(TestModel.ofClasses(folder));
    }

    private GenerationModel model(String map) throws IOException {
        Files.writeString(folder.resolve("zoetrope.json"), "{\"latent_rgb\": %s}".formatted(map));
        return model();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
