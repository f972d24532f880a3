package dev.zoetrope.model.codec;

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

    private static VideoGptVqVaeConfig config(List<Integer> factors) {
        return new VideoGptVqVaeConfig(2, 5, 4, 1, factors);
    }

    private static void assertShapes(List<Integer> factors, Shape clip, Shape codes, Shape back) {
        Kernels k = Kernels.inference();
        try (NDManager manager = Kernels.newManager()) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            config(factors)
                    .parameters()
                    .forEach((key, shape) ->
                            arrays.put(
                                    key,
                                    key.endsWith(".num_batches_tracked")
                                            ? manager.create(0L)
                                            : manager.randomUniform(-0.3f, 0.3f, shape)
                                                    .abs()
                                                    .toType(DataType.FLOAT32, false)));
            Parameters p =
                    VideoGptVqVae.prepare(new Parameters(arrays), k, Precision.FP32, manager);
            VideoGptVqVae codec =
                    new VideoGptVqVae(config(factors), p, k, Precision.FP32, Norms.RUNNING);

            NDArray found = codec.encode(manager.randomUniform(-0.5f, 0.5f, clip));

            assertEquals(codes, found.getShape());
            assertEquals(back, codec.decode(found).getShape());
        }
    }
}
