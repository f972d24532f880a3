package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.VideoGptVqVae;
import dev.zoetrope.model.codec.VideoGptVqVae.Norms;
import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.runtime.device.Precision;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What the golden cases, which know one group of codes alone, do not say. */
class CodecObjectiveTest {
    private static final int GROUPS = 2;
    private static final int WIDTH = 3;
    private static final int CODES = 5;
    private static final int CELLS = 2 * 2 * 2;

    @Test
    void everyGroupTeachesTheOneCodebook() {
        VideoGptVqVaeConfig config =
                new VideoGptVqVaeConfig(GROUPS * WIDTH, CODES, 8, 1, List.of(4, 4, 4), GROUPS);
        try (NDManager manager = Kernels.newManager()) {
            Parameters p = CodecInitialization.draw(config, 1, manager);
            NDArray x = manager.randomUniform(-0.5f, 0.5f, new Shape(2, 3, 8, 8, 8));
            float[] latents = latents(config, p, x);
            float[] before = p.get("codebook.embeddings").toFloatArray();
            Restarts none = Restarts.forgetting(-1);

            CodecObjective.Pass pass =
                    new CodecObjective(config, p, Precision.FP32, 0, none)
                            .quantized(x, Norms.RUNNING, false, CodebookDraws.seeded(1, 1));

            assertEquals(new Shape(2, GROUPS, 2, 2, 2), pass.codes().getShape());
            float[] count = new float[CODES];
            float[] average = new float[CODES * WIDTH];
            for (int i = 0; i < average.length; i++) {
                average[i] = 0.99f * before[i];
            }
            long[] codes = pass.codes().toLongArray();
            for (int i = 0; i < codes.length; i++) {
                int code = (int) codes[i];
                int cell = i % CELLS;
                int group = i / CELLS; // of either clip
                count[code] += 0.01f;
                for (int d = 0; d < WIDTH; d++) {
                    float latent = latents[(group * WIDTH + d) * CELLS + cell];
                    average[code * WIDTH + d] += 0.01f * latent;
                }
            }
            assertArrayEquals(count, p.get("codebook.N").toFloatArray(), 1e-5f);
            assertArrayEquals(average, p.get("codebook.z_avg").toFloatArray(), 1e-5f);
        }
    }

    private static float[] latents(VideoGptVqVaeConfig config, Parameters p, NDArray x) {
        Kernels k = Kernels.inference();
        return new VideoGptVqVae(config, p, k, Precision.FP32, Norms.RUNNING)
                .latents(x)
                .toFloatArray();
    }
}
