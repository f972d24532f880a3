package dev.zoetrope.model.denoiser;

import static dev.zoetrope.model.denoiser.SmallCheckpoint.assertClose;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.assertFinite;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.assertGradientsReach;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.assertSameBits;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.cosine;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.where;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.LatteT2VConfig.Version;
import dev.zoetrope.runtime.device.Precision;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class LatteT2VTest {
    private static final String ROPE = "03f_latte_t2v_v1.1_rope";
    private static final String COMPRESSED = "03g_latte_t2v_v1.1_compresskv";

    private final Kernels k = Kernels.inference();
    private final NDManager manager = Kernels.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** A small model and one call of it. */
    private final class Case {
        final SmallCheckpoint checkpoint;
        final LatteT2VConfig config;
        final Parameters weights;
        final LatteT2V model;
        final NDArray x;
        final NDArray t;
        final NDArray text;
        final NDArray textMask;
        final NDArray mask;

        Case(String golden) {
            checkpoint = SmallCheckpoint.of(golden, manager);
            config = checkpoint.config(LatteT2VConfig.class);
            weights = checkpoint.weights(config.parameters());
            model = new LatteT2V(config, weights, k, Precision.FP32);
            x = checkpoint.noise(1, 2, 4, config.videoLength(), 8, 8);
            t = checkpoint.numbers(321, 21);
            text = checkpoint.noise(3, 2, 7, 20);
            textMask = checkpoint.valid(2, 5, 2, 7);
            mask = checkpoint.valid(8, 4, 2, config.videoLength(), 8, 8);
        }

        NDArray forward(LatteT2V other) {
            return other.forward(x, t, text, textMask, mask);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ROPE, COMPRESSED})
    void whatPaddingHoldsNeverReachesTheRest(String golden) {
        Case c = new Case(golden);
        NDArray valid = c.checkpoint.valid(8, 4, 2, 1, c.config.videoLength(), 8, 8);
        NDArray other = where(valid, c.x, c.checkpoint.noise(2, c.x.getShape().getShape()));
        NDArray words = c.textMask.expandDims(2);
        NDArray otherText = where(words, c.text, c.checkpoint.noise(4, 2, 7, 20));
        assertSameBits(
                c.forward(c.model).mul(valid),
                c.model.forward(other, c.t, otherText, c.textMask, c.mask).mul(valid));
    }

    @Test
    void howManyWordsOfPaddingFollowMakesNoDifference() {
        Case c = new Case(COMPRESSED);
        NDArray words = k.narrow(c.text, 1, 0, 5);
        assertClose(c.model.forward(c.x, c.t, words, null, c.mask), c.forward(c.model), 1e-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {ROPE, COMPRESSED})
    void positionsAreStretchedOverOtherSizesAndLengths(String golden) {
        Case c = new Case(golden);
        int frames = c.config.videoLength() + 6;
        NDArray larger = c.checkpoint.noise(1, 2, 4, frames, 12, 16);
        assertFinite(
                new Shape(2, 8, frames, 12, 16),
                c.model.forward(larger, c.t, c.text, c.textMask, null));
        NDArray trained = c.model.temporalPositions(c.x);
        NDArray twice = manager.zeros(new Shape(1, 4, 2L * c.config.videoLength(), 8, 8));
        assertClose(trained, c.model.temporalPositions(twice).get("::2"), 1e-6);
        NDArray shorter = k.narrow(c.x, 2, 0, 3);
        assertSameBits(k.narrow(trained, 0, 0, 3), c.model.temporalPositions(shorter));
    }

    @Test
    void aSingleFrameOfAVideoModelIsAnImage() {
        Case c = new Case(COMPRESSED);
        Parameters changed =
                c.weights.map(
                        (key, array) -> key.startsWith("temporal_") ? array.mul(2).add(1) : array);
        NDArray image = k.narrow(c.x, 2, 0, 1);
        NDArray mask = k.narrow(c.mask, 1, 0, 1);
        LatteT2V other = new LatteT2V(c.config, changed, k, Precision.FP32);
        assertSameBits(
                c.model.forward(image, c.t, c.text, c.textMask, mask),
                other.forward(image, c.t, c.text, c.textMask, mask));
    }

    @ParameterizedTest
    @ValueSource(strings = {ROPE, COMPRESSED})
    void sixteenBitsStayCloseToFloat32(String golden) {
        Case c = new Case(golden);
        NDArray expected = c.forward(c.model);
        for (Precision precision : List.of(Precision.BF16, Precision.FP16)) {
            Parameters halves = LatteT2V.prepare(c.weights, k, precision, manager);
            NDArray actual = c.forward(new LatteT2V(c.config, halves, k, precision));
            double cosine = cosine(expected, actual);
            assertTrue(cosine > 0.999, () -> precision + " " + cosine);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ROPE, COMPRESSED})
    void gradientsReachEveryParameterThatIsUsed(String golden) {
        Case c = new Case(golden);
        List<String> keys =
                c.config.parameters().keySet().stream()
                        .filter(key -> !key.endsWith("y_embedding"))
                        .toList();
        assertGradientsReach(
                keys,
                c.weights,
                p -> c.forward(new LatteT2V(c.config, p, Kernels.autograd(), Precision.FP32)));
    }

    @ParameterizedTest
    @ValueSource(strings = {ROPE, COMPRESSED})
    void nothingButTheResultIsLeftBehind(String golden) {
        Case c = new Case(golden);
        int before = manager.getManagedArrays().size();
        c.forward(c.model);
        assertEquals(before + 1, manager.getManagedArrays().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    MARCH | "sample_size": 32, "video_length": 16                                            | 1
                    V1_0  | "sample_size": [32, 32], "video_length": 17, "attention_mode": "xformers"        | 3
                    V1_0  | "sample_size": [64, 64], "video_length": 5, "patch_size_t": 1                    | 1
                    V1_1  | "sample_size": [64, 64], "video_length": 17, "use_rope": false                   | 1
                    V1_1  | "sample_size": [64, 64], "video_length": 56, "use_rope": false                   | 3
                    V1_1  | "sample_size": [64, 64], "video_length": 56, "interpolation_scale_1d": 2         | 2
                    """)
    void theVersionAndItsPaceShowInTheConfiguration(Version version, String fields, double pace)
            throws JsonProcessingException {
        LatteT2VConfig config = config(fields);
        assertEquals(version, config.version());
        assertEquals(pace, config.temporalScale());
        assertEquals(968, config.parameters().size());
    }

    private static LatteT2VConfig config(String fields) throws JsonProcessingException {
        String published =
                """
                {"_class_name": "LatteT2V", "num_attention_heads": 16, "attention_head_dim": 72,
                 "in_channels": 4, "out_channels": 8, "num_layers": 28,
                 "cross_attention_dim": 1152, "attention_bias": true, "patch_size": 2,
                 "activation_fn": "gelu-approximate", "norm_type": "ada_norm_single",
                 "norm_elementwise_affine": false, "norm_eps": 1e-6, "caption_channels": 4096,
                """;
        return new ObjectMapper().readValue(published + fields + "}", LatteT2VConfig.class);
    }
}
