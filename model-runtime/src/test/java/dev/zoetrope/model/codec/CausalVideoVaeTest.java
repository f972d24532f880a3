package dev.zoetrope.model.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.codec.CausalVideoVae.Posterior;
import dev.zoetrope.model.codec.CausalVideoVae.Tile;
import dev.zoetrope.model.codec.CausalVideoVae.Tiling;
import dev.zoetrope.runtime.device.Precision;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;
import java.util.List;
import java.util.Random;

class CausalVideoVaeTest {
    private static final SmallVae RELEASE_1_0 = SmallVae.TWO_LEVELS;

    /** What v1.1 and v1.2 brought, one of each. */
    private static final SmallVae LATER =
            SmallVae.of(
                    """
                    "encoder_conv_in": "Conv2d",
                    "encoder_resnet_blocks": ["ResnetBlock2D", "ResnetBlock3D"],
                    "encoder_attention": "AttnBlock3DFix",
                    "encoder_spatial_downsample": ["Downsample", ""],
                    "encoder_temporal_downsample": ["TimeDownsampleRes2x", ""],
                    "decoder_attention": "AttnBlock3DFix",
                    "decoder_spatial_upsample": ["", "Spatial2xTime2x3DUpsample"],
                    "decoder_temporal_upsample": ["", ""]
                    """);

    private final Kernels k = Kernels.inference();
    private final NDManager manager = Kernels.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void theReleasesHaveTheTensorsOfTheirCheckpoints() {
        CausalVideoVaeConfig first = new SmallVae("{}").config();
        CausalVideoVaeConfig second =
                new SmallVae(
                                """
                                {"encoder_conv_in": "Conv2d", "encoder_attention": "AttnBlock3DFix",
                                 "encoder_resnet_blocks": ["ResnetBlock2D", "ResnetBlock2D", "ResnetBlock3D", "ResnetBlock3D"],
                                 "encoder_spatial_downsample": ["Downsample", "Downsample", "Downsample", ""],
                                 "encoder_temporal_downsample": ["", "TimeDownsampleRes2x", "TimeDownsampleRes2x", ""],
                                 "decoder_attention": "AttnBlock3DFix",
                                 "decoder_temporal_upsample": ["", "", "TimeUpsampleRes2x", "TimeUpsampleRes2x"]}
                                """)
                        .config();

        assertEquals(248, first.parameters().size());
        assertEquals(260, second.parameters().size());
        assertEquals(229.2, millions(first), 0.05);
        assertEquals(246.9, millions(second), 0.05);
        for (CausalVideoVaeConfig config : new CausalVideoVaeConfig[] {first, second}) {
            assertEquals(4, config.temporalFactor());
            assertEquals(8, config.spatialFactor());
        }
    }

    private static double millions(CausalVideoVaeConfig config) {
        return config.parameters().values().stream().mapToLong(Shape::size).sum() / 1e6;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 8, 8, 1, 4, 4",
        "5, 8, 6, 3, 4, 3",
        "4, 9, 7, 2, 4, 3",
        "2, 8, 8, 1, 4, 4",
        "17, 2, 3, 9, 1, 1"
    })
    void sizesThatAreNotHalvedEvenlyAreFloored(
            long frames,
            long rows,
            long columns,
            long latentFrames,
            long latentRows,
            long latentColumns) {
        for (SmallVae vae : new SmallVae[] {RELEASE_1_0, LATER}) {
            CausalVideoVae model = vae.model(manager, Precision.FP32);

            NDArray z = model.encode(noise(1, 1, 3, frames, rows, columns)).mean();
            NDArray y = model.decode(z);

            assertEquals(new Shape(1, 4, latentFrames, latentRows, latentColumns), z.getShape());
            assertEquals(
                    new Shape(1, 3, 2 * latentFrames - 1, 2 * latentRows, 2 * latentColumns),
                    y.getShape());
            assertTrue(Float.isFinite(y.abs().sum().getFloat()));
        }
    }

    @Test
    void clipsOfABatchKnowNothingOfEachOther() {
        for (SmallVae vae : new SmallVae[] {RELEASE_1_0, LATER}) {
            CausalVideoVae model = vae.model(manager, Precision.FP32);
            NDArray both = noise(2, 2, 3, 5, 8, 6);

            NDArray z = model.encode(both).mean();
            NDArray second = model.encode(k.narrow(both, 0, 1, 1)).mean();

            assertClose(k.narrow(z, 0, 1, 1), second, 1e-4);
            assertClose(k.narrow(model.decode(z), 0, 1, 1), model.decode(second), 1e-4);
        }
    }

    @Test
    void theFirstFrameSeesNoOtherButForStatistics() {
        CausalVideoVae model =
                SmallVae.of(
                                """
                                "encoder_resnet_blocks": ["ResnetBlock2D", "ResnetBlock2D"],
                                "encoder_spatial_downsample": ["SpatialDownsample2x", ""],
                                "encoder_temporal_downsample": ["TimeDownsampleRes2x", ""]
                                """)
                        .model(manager, Precision.FP32);
        NDArray clip = noise(3, 1, 3, 5, 8, 6);

        NDArray ofClip = firstLevel(model, clip);
        NDArray ofImage = firstLevel(model, k.narrow(clip, 2, 0, 1));

        assertClose(k.narrow(ofClip, 2, 0, 1), ofImage, 1e-5);
    }

    private static NDArray firstLevel(CausalVideoVae model, NDArray x) {
        NDArray h = model.encoderBlocks(model.encoderIn(x), 0);
        return model.temporalDownsample(model.spatialDownsample(h, 0), 0);
    }

    @Test
    void theAttentionOfTheFirstReleaseIsRightForImagesOnly() {
        String fixed =
                RELEASE_1_0.json().replace("{", "{\"encoder_attention\": \"AttnBlock3DFix\",");
        CausalVideoVae first = RELEASE_1_0.model(manager, Precision.FP32);
        CausalVideoVae later = new SmallVae(fixed).model(manager, Precision.FP32);
        NDArray image = noise(4, 1, 3, 1, 8, 6);
        NDArray clip = noise(4, 1, 3, 5, 8, 6);

        assertClose(later.encode(image).mean(), first.encode(image).mean(), 1e-5);
        assertTrue(difference(later.encode(clip).mean(), first.encode(clip).mean()) > 1e-3);
    }

    @Test
    void attentionFollowsTheBlocksAtItsResolutions() {
        String attending =
                RELEASE_1_0
                        .json()
                        .replace(
                                "{",
                                "{\"attn_resolutions\": [16], \"encoder_attention\": \"AttnBlock\",");
        SmallVae vae = new SmallVae(attending);

        assertTrue(vae.config().parameters().containsKey("encoder.down.1.attn.0.q.weight"));
        assertTrue(vae.config().parameters().containsKey("decoder.up.1.attn.1.q.conv.weight"));
        assertEquals(
                RELEASE_1_0.config().parameters().size() + 3 * 10,
                vae.config().parameters().size());
        NDArray x = noise(5, 1, 3, 3, 8, 8);
        NDArray z = vae.model(manager, Precision.FP32).encode(x).mean();
        NDArray without = RELEASE_1_0.model(manager, Precision.FP32).encode(x).mean();
        assertTrue(difference(z, without) > 1e-3);
    }

    @Test
    void sixteenBitsStayCloseToFloat32() {
        for (SmallVae vae : new SmallVae[] {RELEASE_1_0, LATER}) {
            NDArray x = noise(6, 1, 3, 5, 16, 12).mul(0.5f);
            CausalVideoVae full = vae.model(manager, Precision.FP32);
            NDArray z = full.encode(x).mean();

            for (Precision precision : List.of(Precision.BF16, Precision.FP16)) {
                CausalVideoVae half = vae.model(manager, precision);
                assertCosine(0.9995, z, half.encode(x).mean());
                assertCosine(0.9995, full.decode(z), half.decode(z));
            }
        }
    }

    @Test
    void aTileAwayFromItsSeamsIsWhatItIsAlone() {
        CausalVideoVae model = RELEASE_1_0.model(manager, Precision.FP32);
        Tiling tiling = new Tiling(new Tile(16, 65), new Tile(8, 33), 0.25);
        NDArray x = noise(7, 1, 3, 3, 12, 28);

        NDArray whole = model.encode(x, tiling).mean(); // (1, 4, 2, 6, 14)

        NDArray left = model.encode(k.narrow(x, 4, 0, 16)).mean(); // columns 0 to 7
        NDArray right = model.encode(k.narrow(x, 4, 12, 16)).mean(); // columns 6 to 13
        assertEquals(new Shape(1, 4, 2, 6, 14), whole.getShape());
        assertClose(k.narrow(left, 4, 0, 6), k.narrow(whole, 4, 0, 6), 1e-5);
        assertClose(k.narrow(left, 4, 6, 1), k.narrow(whole, 4, 6, 1), 1e-5);
        assertClose(
                k.narrow(left, 4, 7, 1).add(k.narrow(right, 4, 1, 1)).div(2),
                k.narrow(whole, 4, 7, 1),
                1e-5);
        assertClose(k.narrow(right, 4, 2, 4), k.narrow(whole, 4, 8, 4), 1e-5);
    }

    @Test
    void chunksOfAStillClipAreThoseOfTheWhole() {
        CausalVideoVae model = LATER.model(manager, Precision.FP32);
        Tiling tiling = new Tiling(new Tile(64, 5), new Tile(32, 3), 0.25);
        NDArray still = k.concat(Collections.nCopies(11, noise(8, 1, 3, 1, 8, 8)), 2);

        NDArray z = model.encode(still).mean();

        assertClose(z, model.encode(still, tiling).mean(), 1e-5);
        NDArray stillLatents = k.concat(Collections.nCopies(6, k.narrow(z, 2, 0, 1)), 2);
        assertClose(model.decode(stillLatents), model.decode(stillLatents, tiling), 1e-5);
    }

    @Test
    void whatATileHoldsIsNotCut() {
        CausalVideoVae model = RELEASE_1_0.model(manager, Precision.FP32);
        Tiling tiling = new Tiling(new Tile(8, 5), new Tile(4, 3), 0.25);
        NDArray x = noise(9, 1, 3, 5, 8, 8);

        Posterior posterior = model.encode(x, tiling);

        assertClose(model.encode(x).mean(), posterior.mean(), 0);
        assertClose(model.decode(posterior.mean()), model.decode(posterior.mean(), tiling), 0);
    }

    @Test
    void tilesAreThoseOfTheRelease() {
        assertEquals(
                new Tiling(new Tile(256, 65), new Tile(32, 17), 0.25),
                Tiling.published(new SmallVae("{}").config()));
        assertEquals(
                new Tiling(new Tile(256, 29), new Tile(32, 8), 0.125),
                Tiling.published(new SmallVae("{\"use_quant_layer\": false}").config()));
    }

    @Test
    void nothingButTheResultIsLeftBehind() {
        Tiling tiling = new Tiling(new Tile(8, 5), new Tile(4, 3), 0.25);
        for (SmallVae vae : new SmallVae[] {RELEASE_1_0, LATER}) {
            CausalVideoVae model = vae.model(manager, Precision.FP32);
            NDArray x = noise(10, 1, 3, 9, 12, 8);
            int before = manager.getManagedArrays().size();
            NDArray z = model.encode(x).mean();
            assertEquals(before + 2, manager.getManagedArrays().size());
            model.decode(z);
            assertEquals(before + 3, manager.getManagedArrays().size());
            model.encode(x, tiling);
            assertEquals(before + 5, manager.getManagedArrays().size());
            model.decode(z, tiling);
            assertEquals(before + 6, manager.getManagedArrays().size());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"hidden_size\": 48}",
                "{\"hidden_size_mult\": []}",
                "{\"double_z\": false}",
                "{\"encoder_conv_in\": \"Conv1d\"}",
                "{\"encoder_conv_in\": \"ResnetBlock2D\"}",
                "{\"encoder_resnet_blocks\": [\"ResnetBlock2D\"]}",
                "{\"decoder_spatial_upsample\": [\"\", \"\", \"\", \"Downsample\"]}"
            })
    void whatCannotBeBuiltIsRefused(String json) {
        assertThrows(IllegalArgumentException.class, () -> new SmallVae(json).config());
    }

    private NDArray noise(int seed, long... shape) {
        Random random = new Random(seed);
        float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, new Shape(shape));
    }

    private static double difference(NDArray a, NDArray b) {
        assertEquals(a.getShape(), b.getShape());
        return a.sub(b).abs().max().getFloat();
    }

    private static void assertClose(NDArray expected, NDArray actual, double tolerance) {
        double worst = difference(expected, actual);
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
