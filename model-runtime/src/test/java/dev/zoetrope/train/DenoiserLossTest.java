package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.common.primitives.Floats;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.VideoDitConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.training.FlowTimes;
import dev.zoetrope.sampling.SitPath;
import dev.zoetrope.sampling.SitTransport;
import dev.zoetrope.train.TrainableDenoiser.Told;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
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
                new DenoiserObjective.Transport(
                        SitTransport.of(SitPath.LINEAR, SitTransport.Target.VELOCITY),
                        FlowTimes.UNIFORM),
                DenoiserObjective.Noise.of(true, null),
                DenoiserObjective.Noise.of(true, 5.0),
                DenoiserObjective.Velocity.of(5.0, true));
    }

    /** March 2024's model, which counts its positions from the clip's own corner. */
    @ParameterizedTest
    @MethodSource("objectives")
    void clipsOfTwoShapesHaveTheSameLossPaddedTogetherAsEachByItself(DenoiserObjective objective) {
        for (List<Boolean> given : List.of(List.of(false, false), List.of(false, true))) {
            assertSameLossPaddedTogether(objective, given);
        }
    }

    private void assertSameLossPaddedTogether(DenoiserObjective objective, List<Boolean> given) {
        DenoiserLoss loss = new DenoiserLoss(model(), objective, Kernels.autograd());
        List<NDArray> clips = List.of(normal(4, 2, 8, 8), normal(4, 2, 8, 4));
        List<NDArray> noise = List.of(normal(4, 2, 8, 8), normal(4, 2, 8, 4));
        double[] times = times(objective);

        PaddedBatch padded = PaddedBatch.of(clips, 1, PATCH);
        float[] together =
                loss.each(
                                padded.pixels(),
                                PaddedBatch.of(noise, 1, PATCH).pixels(),
                                times,
                                given,
                                new Told.Labels(manager.create(new long[] {1, 3})),
                                padded.mask())
                        .toFloatArray();

        for (int i = 0; i < 2; i++) {
            float alone =
                    loss.each(
                                    clips.get(i).expandDims(0),
                                    noise.get(i).expandDims(0),
                                    new double[] {times[i]},
                                    List.of(given.get(i)),
                                    new Told.Labels(manager.create(new long[] {1 + 2 * i})),
                                    null)
                            .toFloatArray()[0];
            assertEquals(alone, together[i], 1e-5 * alone);
        }
    }

    private static double[] times(DenoiserObjective objective) {
        boolean whole =
                objective instanceof DenoiserObjective.Noise
                        || objective instanceof DenoiserObjective.Velocity;
        return Arrays.stream(TIMES).map(time -> whole ? (int) (1000 * time) : time).toArray();
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void aFirstFrameThatIsGivenIsSeenWithoutNoiseAndNothingIsLearnedFromIt(
            DenoiserObjective objective) {
        Kernels k = Kernels.autograd();
        NDArray clips = normal(2, 4, 3, 8, 8);
        NDArray output = normal(2, 8, 3, 8, 8);
        output.setRequiresGradient(true);
        List<NDArray> seen = new ArrayList<>();
        TrainableDenoiser.Model model =
                (x, _, _, _) -> {
                    seen.add(x);
                    return output;
                };

        NDArray each =
                new DenoiserLoss(model, objective, k)
                        .each(
                                clips,
                                normal(2, 4, 3, 8, 8),
                                times(objective),
                                List.of(true, false),
                                new Told.Nothing(),
                                null);
        NDArray gradient = k.gradients(each.sum(), List.of(output)).getFirst();

        NDArray noisy = seen.getFirst();
        assertEquals(frame(clips, 0, 0), frame(noisy, 0, 0));
        assertNotEquals(frame(clips, 0, 1), frame(noisy, 0, 1));
        assertNotEquals(frame(clips, 1, 0), frame(noisy, 1, 0));
        for (int clip = 0; clip < 2; clip++) {
            for (int frame = 0; frame < 3; frame++) {
                boolean given = clip == 0 && frame == 0;
                boolean learned = frame(gradient, clip, frame).stream().anyMatch(x -> x != 0);
                assertEquals(!given, learned, "frame " + frame + " of clip " + clip);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void theLossOfAClipWhoseFirstFrameIsGivenIsTheMeanOverTheRest(DenoiserObjective objective) {
        Kernels k = Kernels.autograd();
        NDArray clip = normal(1, 4, 3, 8, 8);
        NDArray noise = normal(1, 4, 3, 8, 8);
        NDArray output = normal(1, 8, 3, 8, 8);
        double[] times = {times(objective)[0]};

        float continued =
                new DenoiserLoss((_, _, _, _) -> output, objective, k)
                        .each(clip, noise, times, List.of(true), new Told.Nothing(), null)
                        .getFloat(0);
        float rest =
                new DenoiserLoss((_, _, _, _) -> k.narrow(output, 2, 1, 2), objective, k)
                        .each(
                                k.narrow(clip, 2, 1, 2),
                                k.narrow(noise, 2, 1, 2),
                                times,
                                List.of(false),
                                new Told.Nothing(),
                                null)
                        .getFloat(0);

        assertEquals(rest, continued, 1e-5 * rest);
    }

    /** The numbers of a frame of an array (B, C, T, H, W). */
    private static List<Float> frame(NDArray x, int clip, int frame) {
        Kernels k = Kernels.inference();
        float[] numbers =
                k.contiguous(k.narrow(k.narrow(x, 0, clip, 1), 2, frame, 1)).toFloatArray();
        return Floats.asList(numbers);
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
