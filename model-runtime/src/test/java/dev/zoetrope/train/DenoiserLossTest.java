package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.VideoDitConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.training.FlowTimes;
import dev.zoetrope.train.TrainableDenoiser.Told;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

class DenoiserLossTest {
    private static final int PATCH = 2;
    private static final double[] TIMES = {0.3, 0.8};

    private final NDManager manager = Kernels.newManager();
    private final Draws draws = new Draws(new SplittableRandom(1));

    static Stream<DenoiserObjective> objectives() {
        return Stream.of(
                new DenoiserObjective.Flow(FlowTimes.UNIFORM, 1),
                DenoiserObjective.Noise.of(true, null),
                DenoiserObjective.Noise.of(true, 5.0),
                DenoiserObjective.Velocity.of(5.0, true));
    }

    /** March 2024's model, which counts its positions from the clip's own corner. */
    @ParameterizedTest
    @MethodSource("objectives")
    void clipsOfTwoShapesHaveTheSameLossPaddedTogetherAsEachByItself(DenoiserObjective objective) {
        DenoiserLoss loss = new DenoiserLoss(model(), objective, Kernels.autograd());
        List<NDArray> clips = List.of(normal(4, 2, 8, 8), normal(4, 2, 8, 4));
        List<NDArray> noise = List.of(normal(4, 2, 8, 8), normal(4, 2, 8, 4));
        double[] times = TIMES.clone();
        for (int i = 0; i < times.length; i++) {
            times[i] =
                    objective instanceof DenoiserObjective.Flow
                            ? TIMES[i]
                            : (int) (1000 * TIMES[i]);
        }

        PaddedBatch padded = PaddedBatch.of(clips, 1, PATCH);
        float[] together =
                loss.each(
                                padded.pixels(),
                                PaddedBatch.of(noise, 1, PATCH).pixels(),
                                times,
                                new Told.Labels(manager.create(new long[] {1, 3})),
                                padded.mask())
                        .toFloatArray();

        for (int i = 0; i < 2; i++) {
            float alone =
                    loss.each(
                                    clips.get(i).expandDims(0),
                                    noise.get(i).expandDims(0),
                                    new double[] {times[i]},
                                    new Told.Labels(manager.create(new long[] {1 + 2 * i})),
                                    null)
                            .toFloatArray()[0];
            assertEquals(alone, together[i], 1e-5 * alone);
        }
    }

    @Test
    void aShiftMovesTheTimesOfAFlowTowardsTheNoise() {
        DenoiserObjective.Flow flow = new DenoiserObjective.Flow(FlowTimes.UNIFORM, 4);
        SplittableRandom random = new SplittableRandom(3);
        double[] times = DoubleStream.generate(() -> flow.time(random)).limit(4000).toArray();

        // As many above 4 / 5 as an even draw has above 1 / 2.
        assertEquals(0.5, Arrays.stream(times).filter(time -> time > 0.8).count() / 4000.0, 0.03);
        assertTrue(Arrays.stream(times).allMatch(time -> time >= 0 && time < 1));
        assertTrue(flow.scheduler().contains("\"shift\": 4.0"), flow.scheduler());
    }

    private TrainableDenoiser.Model model() {
        VideoDitConfig config =
                new VideoDitConfig(
                        List.of(2, 8, 8),
                        PATCH,
                        1,
                        4,
                        16,
                        2,
                        2,
                        4.0,
                        null,
                        5,
                        true,
                        2,
                        null,
                        null,
                        false);
        TrainableVideoDit denoiser = new TrainableVideoDit(config);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        denoiser.parameters()
                .forEach((key, shape) ->
                        arrays.put(key, manager.create(draws.normal(shape, 0.2), shape)));
        return denoiser.model(new Parameters(arrays), Kernels.autograd(), Precision.FP32);
    }

    private NDArray normal(long... shape) {
        return manager.create(draws.normal(new Shape(shape), 1), new Shape(shape));
    }
}
