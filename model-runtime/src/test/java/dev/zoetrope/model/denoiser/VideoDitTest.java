package dev.zoetrope.model.denoiser;

import static dev.zoetrope.model.denoiser.SmallCheckpoint.assertClose;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.assertFinite;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.assertGradientsReach;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.assertSameBits;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.cosine;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.where;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.VideoDitConfig.Variant;
import dev.zoetrope.runtime.device.Precision;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

class VideoDitTest {
    private static final String MAR_05 = "02a_dit_mar05";
    private static final String MAR_07 = "02b_dit_mar07";
    private static final String MAR_09 = "02e_dit_mar09_rope_interp";

    private final Kernels k = Kernels.inference();
    private final NDManager manager = Kernels.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void whatPaddingHoldsNeverReachesTheRestOn5March() {
        SmallCheckpoint checkpoint = SmallCheckpoint.of(MAR_05, manager);
        VideoDit model = model(checkpoint);
        NDArray t = checkpoint.numbers(700, 20);
        NDArray y = checkpoint.numbers(3, 10);
        NDArray mask = checkpoint.valid(2, 3, 2, 3, 4, 5); // (B, T, h, w)
        NDArray valid = checkpoint.valid(4, 6, 2, 1, 3, 8, 10);
        NDArray x = checkpoint.noise(1, 2, 4, 3, 8, 10);
        NDArray other = where(valid, x, checkpoint.noise(2, 2, 4, 3, 8, 10));
        assertSameBits(
                model.forward(x, t, y, mask).mul(valid),
                model.forward(other, t, y, mask).mul(valid));
    }

    @Test
    void whatPaddingHoldsNeverReachesTheRestOn9March() {
        SmallCheckpoint checkpoint = SmallCheckpoint.of(MAR_09, manager);
        VideoDit model = model(checkpoint);
        NDArray t = checkpoint.numbers(700, 20);
        NDArray valid = checkpoint.valid(4, 5, 2, 2, 6, 6); // patches are latents
        NDArray latents = valid.expandDims(2);
        NDArray x = checkpoint.noise(1, 2, 2, 3, 6, 6);
        NDArray other = where(latents, x, checkpoint.noise(2, 2, 2, 3, 6, 6));
        assertSameBits(
                model.forward(x, t, null, valid).mul(latents),
                model.forward(other, t, null, valid).mul(latents));
    }

    @Test
    void howMuchPaddingFollowsMakesNoDifference() {
        SmallCheckpoint checkpoint = SmallCheckpoint.of(MAR_05, manager);
        VideoDit model = model(checkpoint);
        NDArray t = checkpoint.numbers(500);
        NDArray y = checkpoint.numbers(7);
        NDArray x = checkpoint.noise(1, 1, 4, 2, 6, 8);
        NDArray padded = checkpoint.noise(2, 1, 4, 4, 10, 14);
        NDIndex part = new NDIndex(":, :, :2, :6, :8");
        padded.set(part, x);
        NDArray mask = manager.zeros(new Shape(1, 4, 5, 7));
        mask.set(new NDIndex(":, :2, :3, :4"), manager.ones(new Shape()));
        assertClose(
                model.forward(x, t, y, null), model.forward(padded, t, y, mask).get(part), 1e-5);
    }

    @Test
    void aClipOfNothingButPaddingIsStillFinite() {
        SmallCheckpoint checkpoint = SmallCheckpoint.of(MAR_05, manager);
        NDArray mask = manager.zeros(new Shape(1, 2, 4, 4));
        assertFinite(
                new Shape(1, 8, 2, 8, 8),
                model(checkpoint)
                        .forward(
                                checkpoint.noise(1, 1, 4, 2, 8, 8),
                                checkpoint.numbers(9),
                                checkpoint.numbers(1),
                                mask));
    }

    @Test
    void storedPositionsAreStretchedOverOtherSizesAndLengths() {
        SmallCheckpoint checkpoint = SmallCheckpoint.of(MAR_09, manager);
        NDArray x = checkpoint.noise(1, 1, 5, 3, 8, 10);
        assertFinite(
                new Shape(1, 5, 6, 8, 10),
                model(checkpoint).forward(x, checkpoint.numbers(9), null, null));
        Parameters weights = weights(checkpoint);
        NDArray space = weights.get("pos_embed"); // (1, 6 x 6, D)
        assertClose(space, k.resampleGrid(space, 6, 6, 6, 6), 1e-6);
        NDArray time = k.resampleFrames(weights.get("temp_embed"), 5); // from (1, 2, D)
        assertClose(weights.get("temp_embed").mean(new int[] {1}), time.get(":, 2"), 1e-6);
    }

    @Test
    void squeezedPositionsAreThoseOfTheTrainedRange() {
        SmallCheckpoint checkpoint = SmallCheckpoint.of(MAR_05, manager);
        VideoDitConfig config = config(checkpoint);
        VideoDit counting = model(checkpoint);
        VideoDit squeezing =
                new VideoDit(
                        config.withInterpolatedPositions(), weights(checkpoint), k, Precision.FP32);
        NDArray trained = manager.zeros(new Shape(1, 4, 2, 8, 8));
        assertSameBits(counting.tokens(trained), squeezing.tokens(trained));
        // Of twice the size, every second row, column and frame is where a trained one is.
        NDArray twice = manager.zeros(new Shape(1, 4, 4, 16, 16));
        NDArray tokens = squeezing.tokens(twice).reshape(1, 4, 8, 8, -1);
        assertClose(
                counting.tokens(trained).reshape(1, 2, 4, 4, -1),
                tokens.get(":, ::2, ::2, ::2"),
                1e-6);
    }

    @Test
    void rotaryPositionsComeOutAsTheCheckpointStoresThem() {
        SmallCheckpoint checkpoint = SmallCheckpoint.of(MAR_09, manager);
        Parameters weights = weights(checkpoint);
        float[] coordinates = new float[6]; // six of them over a range of four
        for (int i = 0; i < 6; i++) {
            coordinates[i] = i * 4f / 6;
        }
        NDArray axis = manager.create(coordinates);
        NDArray rotation = k.pairRotation(axis, axis, 16);
        assertClose(weights.get("blocks.1.attn.rope.freqs_cos"), rotation.get(0), 1e-6);
        assertClose(weights.get("blocks.1.attn.rope.freqs_sin"), rotation.get(1), 1e-6);
    }

    @ParameterizedTest
    @ValueSource(strings = {MAR_05, MAR_07, MAR_09})
    void sixteenBitsStayCloseToFloat32(String golden) {
        SmallCheckpoint checkpoint = SmallCheckpoint.of(golden, manager);
        VideoDitConfig config = config(checkpoint);
        NDArray x = latents(checkpoint, 1);
        NDArray t = checkpoint.numbers(321, 21);
        NDArray y = config.conditional() ? checkpoint.numbers(2, 10) : null;
        NDArray mask = mask(checkpoint);
        NDArray expected = model(checkpoint).forward(x, t, y, mask);
        for (Precision precision : List.of(Precision.BF16, Precision.FP16)) {
            Parameters halves = VideoDit.prepare(weights(checkpoint), k, precision, manager);
            NDArray actual = new VideoDit(config, halves, k, precision).forward(x, t, y, mask);
            double cosine = cosine(expected, actual);
            assertTrue(cosine > 0.999, () -> precision + " " + cosine);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {MAR_05, MAR_07, MAR_09})
    void gradientsReachEveryParameter(String golden) {
        SmallCheckpoint checkpoint = SmallCheckpoint.of(golden, manager);
        VideoDitConfig config = config(checkpoint);
        List<String> keys =
                config.parameters().keySet().stream().filter(key -> !key.contains("rope")).toList();
        NDArray t = checkpoint.numbers(321, 21);
        NDArray y = config.conditional() ? checkpoint.numbers(2, 10) : null;
        assertGradientsReach(
                keys,
                weights(checkpoint),
                p ->
                        new VideoDit(config, p, Kernels.autograd(), Precision.FP32)
                                .forward(latents(checkpoint, 1), t, y, mask(checkpoint)));
    }

    @ParameterizedTest
    @ValueSource(strings = {MAR_05, MAR_07, MAR_09})
    void nothingButTheResultIsLeftBehind(String golden) {
        SmallCheckpoint checkpoint = SmallCheckpoint.of(golden, manager);
        VideoDit model = model(checkpoint);
        NDArray t = checkpoint.numbers(321, 21);
        NDArray y = model.config().conditional() ? checkpoint.numbers(2, 10) : null;
        NDArray mask = mask(checkpoint);
        NDArray x = latents(checkpoint, 1);
        int before = manager.getManagedArrays().size();
        model.forward(x, t, y, mask);
        assertEquals(before + 1, manager.getManagedArrays().size());
    }

    @Test
    void theVersionShowsInTensorsAsFarAsTheyDiffer() {
        assertEquals(Variant.MAR_05, Variant.of(config(MAR_05).parameters().keySet()));
        assertEquals(Variant.MAR_09, Variant.of(config(MAR_09).parameters().keySet()));
        assertEquals(Variant.MAR_07, Variant.of(List.of("x_embedder.proj.weight")));
    }

    @ParameterizedTest
    @ValueSource(strings = {MAR_05, MAR_07, MAR_09})
    void theVersionShowsInTheConfiguration(String golden) {
        Variant expected =
                Map.of(
                                MAR_05, Variant.MAR_05,
                                MAR_07, Variant.MAR_07,
                                MAR_09, Variant.MAR_09)
                        .get(golden);
        assertEquals(expected, config(golden).variant());
    }

    @Test
    void aCheckpointWithoutConfigurationIsReadFromItsShapes() {
        VideoDitConfig published =
                new VideoDitConfig(
                        List.of(2, 32, 32),
                        2,
                        1,
                        256,
                        1152,
                        28,
                        16,
                        4.0,
                        null,
                        101,
                        true,
                        2,
                        null,
                        null,
                        false);
        assertEquals(291, published.parameters().size());
        assertEquals(published, VideoDitConfig.of(published.parameters()));
        VideoDitConfig stored = VideoDitConfig.of(config(MAR_09).parameters());
        assertEquals(config(MAR_09).parameters(), stored.parameters());
        assertThrows(IllegalArgumentException.class, () -> VideoDitConfig.of(Map.of()));
    }

    private NDArray latents(SmallCheckpoint checkpoint, int seed) {
        VideoDitConfig config = config(checkpoint);
        int channels = config.inChannels();
        int size = config.trainedRows() * config.patchSize();
        return config.variant() == Variant.MAR_05
                ? checkpoint.noise(seed, 2, channels, 2, size, size)
                : checkpoint.noise(seed, 2, 2, channels, size, size);
    }

    private NDArray mask(SmallCheckpoint checkpoint) {
        VideoDitConfig config = config(checkpoint);
        int rows = config.trainedRows();
        return checkpoint.valid(rows, rows - 1, 2, 2, rows, rows);
    }

    private VideoDitConfig config(String golden) {
        return config(SmallCheckpoint.of(golden, manager));
    }

    private static VideoDitConfig config(SmallCheckpoint checkpoint) {
        return checkpoint.config(VideoDitConfig.class);
    }

    private static Parameters weights(SmallCheckpoint checkpoint) {
        return checkpoint.weights(config(checkpoint).parameters());
    }

    private VideoDit model(SmallCheckpoint checkpoint) {
        return new VideoDit(config(checkpoint), weights(checkpoint), k, Precision.FP32);
    }
}
