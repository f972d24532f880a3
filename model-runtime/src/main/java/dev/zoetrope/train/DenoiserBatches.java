package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;

import dev.zoetrope.kernel.Generator;
import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Makes batches. What is in one follows from the seed and its number alone. */
final class DenoiserBatches {
    /** As many clips tell how well a model does. */
    private static final int MOST_HELD_OUT = 128;

    /** Odd, so that neighbouring seeds and batches never draw alike. */
    private static final long SEED_STRIDE = 0x9E3779B97F4A7C15L;

    private final DenoiserTrainingRequest request;
    private final DenoiserObjective objective;
    private final DenoiserTraining.Material material;
    private final ClipSplit split;

    /**
     * The clips that pass through the model together, B of them, on the device.
     *
     * @param manager owns all arrays, for the taker to close
     * @param shapes of each clip, which of the request's; all the same unless clips are padded
     * @param latents (C, T, H, W) of one clip after another, fp16
     * @param noise as the latents, fp32
     * @param times (B), in the objective's terms
     * @param given which clips have the first of their frames given
     * @param captions (B), their places among the distinct ones; -1 for one that is left out
     * @param states of words (B L D), fp16; those of the empty caption where it is left out
     * @param words (B L), 1 for words and 0 for padding, fp32
     */
    record Batch(
            NDManager manager,
            List<Integer> shapes,
            NDArray latents,
            NDArray noise,
            ImmutableDoubleArray times,
            List<Boolean> given,
            ImmutableIntArray captions,
            NDArray states,
            NDArray words) {}

    DenoiserBatches(
            DenoiserTrainingRequest request,
            DenoiserObjective objective,
            DenoiserTraining.Material material) {
        this.request = request;
        this.objective = objective;
        this.material = material;
        this.split =
                ClipSplit.of(
                        IntStream.range(0, material.shapes().size())
                                .mapToObj(material.cache()::count)
                                .toList(),
                        request.heldOut(),
                        shape -> random(-1L - shape));
    }

    /** Numbers of batches are from 0. */
    private SplittableRandom random(long number) {
        return new SplittableRandom(request.seed() * SEED_STRIDE + number);
    }

    /** Clips to learn from. */
    Batch learned(long number) {
        SplittableRandom random = random(number);
        return batch(
                random,
                shapes(number),
                request.dropCondition(),
                shape -> {
                    ImmutableIntArray clips = split.learned().get(shape);
                    return clips.get(random.nextInt(clips.length()));
                });
    }

    /**
     * Batches of the clips that are held out, all with their captions, and always with the same
     * noise, times and first frames.
     */
    List<Supplier<Batch>> heldOut() {
        List<Supplier<Batch>> batches = new ArrayList<>();
        int shapes = split.heldOut().size();
        for (int i = 0; i < shapes; i++) {
            int shape = i;
            ImmutableIntArray all = split.heldOut().get(shape);
            int most = Math.min(all.length(), Math.ceilDiv(MOST_HELD_OUT, shapes));
            for (int j = 0; j < most; j += request.batch()) {
                int first = j;
                int clips = Math.min(request.batch(), most - first);
                batches.add(() -> {
                    Iterator<Integer> next = all.subArray(first, first + clips).asList().iterator();
                    return batch(
                            random(Long.MIN_VALUE + (long) shape * MOST_HELD_OUT + first),
                            Collections.nCopies(clips, shape),
                            0,
                            _ -> next.next());
                });
            }
        }
        return batches;
    }

    private Batch batch(
            SplittableRandom random,
            List<Integer> shapes,
            double dropCondition,
            IntUnaryOperator clipOfShape) {
        ClipCache.Reading cache = material.cache();
        int words = material.words();
        long numbers =
                shapes.stream().mapToLong(shape -> material.shapes().get(shape).size()).sum();
        int clips = shapes.size();
        ByteBuffer latents = direct(numbers * Short.BYTES);
        ByteBuffer states = direct((long) clips * words * material.channels() * Short.BYTES);
        ByteBuffer masks = direct((long) clips * words * Float.BYTES);
        ImmutableDoubleArray.Builder times = ImmutableDoubleArray.builder(clips);
        List<Boolean> given = new ArrayList<>();
        ImmutableIntArray.Builder captions = ImmutableIntArray.builder(clips);
        for (int shape : shapes) {
            int clip = clipOfShape.applyAsInt(shape);
            times.add(objective.time(random));
            boolean dropped = random.nextDouble() < dropCondition;
            boolean continued =
                    cache.haveFirst(shape) && random.nextDouble() < request.firstFrame();
            if (continued) {
                int channels = (int) material.shapes().get(shape).get(0);
                cache.latentsFromFirst(shape, clip, channels, latents);
            } else {
                cache.latents(shape, clip, latents);
            }
            given.add(continued);
            int caption = cache.caption(shape, clip);
            captions.add(dropped ? -1 : caption);
            if (words > 0) {
                // A prompt that says nothing is as long as the one it is guided away from.
                cache.states(dropped ? 0 : caption, states);
                for (int word = 0; word < words; word++) {
                    masks.putFloat(word < cache.length(caption) ? 1 : 0);
                }
            }
        }
        NDManager manager = Kernels.newManager();
        return new Batch(
                manager,
                shapes,
                array(manager, latents, DataType.FLOAT16),
                noise(manager, random.nextLong(), numbers),
                times.build(),
                List.copyOf(given),
                captions.build(),
                array(manager, states, DataType.FLOAT16),
                array(manager, masks, DataType.FLOAT32));
    }

    /** One shape for all clips of a step, or all shapes beside each other. */
    private List<Integer> shapes(long number) {
        int clips = request.batch();
        return request.padded()
                ? LongStream.range(0, clips)
                        .map(clip -> (number * clips + clip) % request.shapes().size())
                        .mapToObj(shape -> (int) shape)
                        .toList()
                : Collections.nCopies(clips, request.shape(number / request.accumulate()));
    }

    private static NDArray noise(NDManager manager, long seed, long count) {
        Kernels k = Kernels.autograd(); // whose results may have to do with gradients
        try (Generator generator = k.generator(seed)) {
            return k.normal(manager, generator, count);
        }
    }

    private static NDArray array(NDManager manager, ByteBuffer numbers, DataType type) {
        Shape shape = new Shape(numbers.position() / type.getNumOfBytes());
        return manager.create(numbers.flip(), shape, type);
    }

    private static ByteBuffer direct(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }
}
