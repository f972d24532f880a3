package dev.zoetrope.model.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

class AutoencoderKlTest {
    private static final Path RECORDED =
            Path.of("src/test/resources/goldens/09b_pipeline_v1.0_t2v");
    private static final SmallImageVae SMALL = SmallImageVae.TWO_LEVELS;

    private final Kernels k = Kernels.inference();
    private final NDManager manager = Kernels.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void theReleaseHasTheTensorsOfItsCheckpoint() {
        AutoencoderKlConfig config =
                new SmallImageVae(
                                """
                                {"_class_name": "AutoencoderKL", "act_fn": "silu", "sample_size": 256,
                                 "block_out_channels": [128, 256, 512, 512], "in_channels": 3, "latent_channels": 4,
                                 "layers_per_block": 2, "norm_num_groups": 32, "out_channels": 3}
                                """)
                        .config();

        assertEquals(248, config.parameters().size());
        assertEquals(
                83_653_863, config.parameters().values().stream().mapToLong(Shape::size).sum());
        assertEquals(8, config.spatialFactor());
        assertEquals(0.18215f, config.scalingFactor());
    }

    // A causal video VAE whose blocks are two-dimensional is the same network for a single frame.

    @Test
    void aFrameIsWhatTheCausalVideoVaeOfTheReferenceMakesOfIt() throws IOException {
        JsonNode config = new ObjectMapper().readTree(RECORDED.resolve("config.json").toFile());
        Map<String, TensorSlice> slices = new LinkedHashMap<>();
        WeightFile.open(RECORDED.resolve("weights.safetensors"))
                .tensors()
                .forEach((key, slice) -> {
                    if (key.startsWith("vae.")) {
                        slices.put(key.substring("vae.".length()), slice);
                    }
                });

        assertSameNetwork(
                new SmallVae(config.get("vae").toString()).config(),
                Parameters.map(manager, slices),
                "{\"block_out_channels\": [32, 32], \"layers_per_block\": 1}");
    }

    @Test
    void levelsThatWidenAreThoseOfTheCausalVideoVae() {
        CausalVideoVaeConfig config =
                new SmallVae(
                                """
                                {"hidden_size": 32, "hidden_size_mult": [1, 2, 3], "num_res_blocks": 2,
                                 "encoder_resnet_blocks": ["ResnetBlock2D", "ResnetBlock2D", "ResnetBlock2D"],
                                 "encoder_spatial_downsample": ["SpatialDownsample2x", "SpatialDownsample2x", ""],
                                 "encoder_temporal_downsample": ["", "", ""],
                                 "decoder_resnet_blocks": ["ResnetBlock2D", "ResnetBlock2D", "ResnetBlock2D"],
                                 "decoder_spatial_upsample": ["", "SpatialUpsample2x", "SpatialUpsample2x"],
                                 "decoder_temporal_upsample": ["", "", ""]}
                                """)
                        .config();
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        config.parameters()
                .forEach((key, shape) ->
                        arrays.put(key, manager.create(SmallVae.values(key, shape), shape)));

        assertSameNetwork(
                config,
                new Parameters(arrays),
                "{\"block_out_channels\": [32, 64, 96], \"layers_per_block\": 2}");
    }

    private void assertSameNetwork(CausalVideoVaeConfig causal, Parameters p, String json) {
        AutoencoderKlConfig config = new SmallImageVae(json).config();
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        p.arrays()
                .forEach((key, array) ->
                        arrays.put(imageKey(key, causal.levels()), imageValues(key, array)));
        Map<String, Shape> shapes = new LinkedHashMap<>();
        arrays.forEach((key, array) -> shapes.put(key, array.getShape()));
        assertEquals(config.parameters(), shapes);
        CausalVideoVae expected =
                new CausalVideoVae(
                        causal,
                        CausalVideoVae.prepare(p, k, Precision.FP32, manager),
                        k,
                        Precision.FP32);
        AutoencoderKl model =
                new AutoencoderKl(
                        config,
                        AutoencoderKl.prepare(new Parameters(arrays), k, Precision.FP32, manager),
                        k,
                        Precision.FP32);
        NDArray frame = noise(1, 1, 3, 1, 24, 16);

        NDArray z = model.encode(frame);

        assertClose(expected.encode(frame).mean(), z, 1e-5);
        assertClose(expected.decode(z), model.decode(z), 1e-5);
    }

    private static String imageKey(String key, int levels) {
        for (int i = 0; i < levels; i++) {
            key = key.replace("decoder.up." + i, "decoder.up_blocks." + (levels - 1 - i));
        }
        return key.replaceAll("\\.conv\\.(weight|bias)$", ".$1")
                .replace("encoder.down.", "encoder.down_blocks.")
                .replace(".downsample.", ".downsamplers.0.")
                .replace(".upsample.", ".upsamplers.0.")
                .replace(".block.", ".resnets.")
                .replace(".mid.block_1.", ".mid_block.resnets.0.")
                .replace(".mid.block_2.", ".mid_block.resnets.1.")
                .replace(".mid.attn_1.norm.", ".mid_block.attentions.0.group_norm.")
                .replaceAll("\\.mid\\.attn_1\\.([qkv])\\.", ".mid_block.attentions.0.to_$1.")
                .replace(".mid.attn_1.proj_out.", ".mid_block.attentions.0.to_out.0.")
                .replace(".nin_shortcut.", ".conv_shortcut.")
                .replace(".norm_out.", ".conv_norm_out.");
    }

    /** The first frame is what every tap in time sees of a single one. */
    private static NDArray imageValues(String key, NDArray array) {
        NDArray image = array.getShape().dimension() == 5 ? array.sum(new int[] {2}) : array;
        return key.contains(".attn_1.") && image.getShape().dimension() == 4
                ? image.reshape(image.getShape().slice(0, 2))
                : image;
    }

    @Test
    void framesKnowNothingOfEachOther() {
        AutoencoderKl model = SMALL.model(manager, k, Precision.FP32);
        NDArray clips = noise(2, 2, 3, 3, 8, 6);
        NDArray others = noise(3, 2, 3, 3, 8, 6);
        NDArray mixed = k.concat(List.of(k.narrow(others, 2, 0, 1), k.narrow(clips, 2, 1, 2)), 2);

        NDArray z = model.encode(clips);
        NDArray mixedZ = model.encode(mixed);

        assertClose(k.narrow(z, 2, 1, 2), k.narrow(mixedZ, 2, 1, 2), 0);
        NDArray y = model.decode(z);
        assertClose(k.narrow(y, 2, 1, 2), k.narrow(model.decode(mixedZ), 2, 1, 2), 0);
    }

    /** But for rounding, which torch does otherwise where it computes more frames at once. */
    @Test
    void aClipIsWhatItsFramesAreAlone() {
        AutoencoderKl model = SMALL.model(manager, k, Precision.FP32);
        int frames = AutoencoderKl.FRAMES_AT_ONCE + 2;
        NDArray clips = noise(4, 2, 3, frames, 8, 6);

        NDArray z = model.encode(clips);
        NDArray y = model.decode(z);

        List<NDArray> latents = new ArrayList<>();
        List<NDArray> pixels = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            latents.add(model.encode(k.narrow(clips, 2, i, 1)));
            pixels.add(model.decode(k.narrow(z, 2, i, 1)));
        }
        assertEquals(new Shape(2, 4, frames, 4, 3), z.getShape());
        assertEquals(clips.getShape(), y.getShape());
        assertClose(k.concat(latents, 2), z, 1e-5);
        assertClose(k.concat(pixels, 2), y, 1e-5);
    }

    @Test
    void aLongClipIsCodedAFewFramesAtATime() {
        AtomicInteger calls = new AtomicInteger();
        AutoencoderKl model =
                SMALL.model(manager, k.checking(calls::incrementAndGet), Precision.FP32);
        NDArray few = noise(7, 1, 3, AutoencoderKl.FRAMES_AT_ONCE, 4, 4);
        NDArray twice = k.concat(List.of(few, few), 2);

        calls.set(0);
        NDArray y = model.decode(model.encode(few));
        int once = calls.getAndSet(0);
        NDArray longer = model.decode(model.encode(twice));

        int joins = 2;
        assertEquals(2 * (once - joins), calls.get() - joins);
        assertClose(k.concat(List.of(y, y), 2), longer, 0);
    }

    @Test
    void sixteenBitsStayCloseToFloat32() {
        NDArray x = noise(5, 1, 3, 2, 32, 24).mul(0.5f);
        AutoencoderKl full = SMALL.model(manager, k, Precision.FP32);
        NDArray z = full.encode(x);

        for (Precision precision : List.of(Precision.BF16, Precision.FP16)) {
            AutoencoderKl half = SMALL.model(manager, k, precision);
            assertCosine(0.9995, z, half.encode(x));
            assertCosine(0.9995, full.decode(z), half.decode(z));
        }
    }

    @Test
    void nothingButTheResultIsLeftBehind() {
        AutoencoderKl model = SMALL.model(manager, k, Precision.FP32);
        NDArray x = noise(6, 1, 3, AutoencoderKl.FRAMES_AT_ONCE + 1, 8, 8);
        int before = manager.getManagedArrays().size();

        NDArray z = model.encode(x);
        assertEquals(before + 1, manager.getManagedArrays().size());
        model.decode(z);
        assertEquals(before + 2, manager.getManagedArrays().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"block_out_channels\": []}",
                "{\"block_out_channels\": [64, 80]}",
                "{\"norm_num_groups\": 16}",
                "{\"act_fn\": \"relu\"}",
                "{\"in_channels\": 4}",
                "{\"scaling_factor\": 0}"
            })
    void whatCannotBeBuiltIsRefused(String json) {
        assertThrows(IllegalArgumentException.class, () -> new SmallImageVae(json).config());
    }

    private NDArray noise(int seed, long... shape) {
        Random random = new Random(seed);
        float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, new Shape(shape));
    }

    private static void assertClose(NDArray expected, NDArray actual, double tolerance) {
        assertEquals(expected.getShape(), actual.getShape());
        double worst = expected.sub(actual).abs().max().getFloat();
        assertTrue(worst <= tolerance, "differ by " + worst);
    }

    private static void assertCosine(double least, NDArray a, NDArray b) {
        double ab = a.mul(b).sum().getFloat();
        double aa = a.mul(a).sum().getFloat();
        double bb = b.mul(b).sum().getFloat();
        double cosine = ab / Math.sqrt(aa * bb);
        assertTrue(cosine >= least, "cosine " + cosine);
    }
}
