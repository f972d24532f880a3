package dev.zoetrope.model.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.VideoGptVqVae.Norms;
import dev.zoetrope.runtime.device.Precision;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Shapes under every compression; what the numbers are, the golden cases say. */
class VideoGptVqVaeTest {
    private static final List<Integer> FACTORS = List.of(1, 2, 4, 8);

    static Stream<List<Integer>> everyDownsample() {
        return FACTORS.stream()
                .flatMap(t ->
                        FACTORS.stream().flatMap(h -> FACTORS.stream().map(w -> List.of(t, h, w))))
                .filter(factors -> factors.stream().anyMatch(f -> f >= 4));
    }

    @ParameterizedTest
    @MethodSource("everyDownsample")
    void aClipIsDividedByItsFactorsAndComesBackWhole(List<Integer> factors) {
        assertShapes(
                factors,
                new Shape(1, 3, 8, 16, 24),
                new Shape(1, 8 / factors.get(0), 16 / factors.get(1), 24 / factors.get(2)),
                new Shape(1, 3, 8, 16, 24));
    }

    @Test
    void whatTheFactorsDoNotDivideIsFloored() {
        assertShapes(
                List.of(4, 2, 2),
                new Shape(1, 3, 9, 11, 13),
                new Shape(1, 2, 5, 6),
                new Shape(1, 3, 8, 10, 12));
    }

    @Test
    void aFactorBetweenTwoPowersIsTheLower() {
        assertEquals(List.of(4, 2, 1), config(List.of(6, 3, 1)).downsample());
        assertShapes(
                List.of(6, 3, 1),
                new Shape(1, 3, 8, 8, 8),
                new Shape(1, 2, 4, 8),
                new Shape(1, 3, 8, 8, 8));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 2, 2", "1, 2, 3", "4, 0, 4", "4, 4, -4"})
    void factorsOfWhichTheReferenceMakesNoModelAreRefused(int t, int h, int w) {
        assertThrows(IllegalArgumentException.class, () -> config(List.of(t, h, w)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6})
    void eachGroupOfChannelsIsRoundedByItself(int groups) {
        VideoGptVqVaeConfig config = new VideoGptVqVaeConfig(6, 5, 4, 1, List.of(4, 4, 4), groups);
        Kernels k = Kernels.inference();
        try (NDManager manager = Kernels.newManager()) {
            Parameters p = parameters(config, manager);
            VideoGptVqVae codec = new VideoGptVqVae(config, p, k, Precision.FP32, Norms.RUNNING);
            NDArray codebook = p.get("codebook.embeddings");
            NDArray z = manager.randomUniform(0, 0.3f, new Shape(2, 6, 2, 3, 4));
            List<NDArray> codes = new ArrayList<>();
            List<NDArray> embeddings = new ArrayList<>();
            for (int g = 0; g < groups; g++) {
                NDArray part = k.narrow(z, 1, (long) g * (6 / groups), 6 / groups);
                NDArray rows = part.transpose(0, 2, 3, 4, 1).reshape(-1, 6 / groups);
                NDArray nearest = k.nearestCodes(rows, codebook).reshape(2, 2, 3, 4);
                codes.add(nearest.expandDims(1));
                embeddings.add(k.lookup(nearest, codebook));
            }

            NDArray found = codec.quantize(z);

            assertEquals(
                    groups == 1 ? new Shape(2, 2, 3, 4) : new Shape(2, groups, 2, 3, 4),
                    found.getShape());
            assertArrayEquals(k.concat(codes, 1).toLongArray(), found.toLongArray());
            assertArrayEquals(
                    k.concat(embeddings, 1).toFloatArray(), codec.lookup(found).toFloatArray());
            assertEquals(new Shape(2, 3, 8, 12, 16), codec.decode(found).getShape());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4, 7})
    void channelsThatGroupsDoNotShareEvenlyAreRefused(int groups) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new VideoGptVqVaeConfig(6, 5, 4, 1, List.of(4, 4, 4), groups));
    }

    private static VideoGptVqVaeConfig config(List<Integer> factors) {
        return new VideoGptVqVaeConfig(2, 5, 4, 1, factors, 1);
    }

    private static void assertShapes(List<Integer> factors, Shape clip, Shape codes, Shape back) {
        Kernels k = Kernels.inference();
        try (NDManager manager = Kernels.newManager()) {
            Parameters p = parameters(config(factors), manager);
            VideoGptVqVae codec =
                    new VideoGptVqVae(config(factors), p, k, Precision.FP32, Norms.RUNNING);

            NDArray found = codec.encode(manager.randomUniform(-0.5f, 0.5f, clip));

            assertEquals(codes, found.getShape());
            assertEquals(back, codec.decode(found).getShape());
        }
    }

    private static Parameters parameters(VideoGptVqVaeConfig config, NDManager manager) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        config.parameters()
                .forEach((key, shape) ->
                        arrays.put(
                                key,
                                key.endsWith(".num_batches_tracked")
                                        ? manager.create(0L)
                                        : manager.randomUniform(-0.3f, 0.3f, shape)
                                                .abs()
                                                .toType(DataType.FLOAT32, false)));
        return VideoGptVqVae.prepare(
                new Parameters(arrays), Kernels.inference(), Precision.FP32, manager);
    }
}
