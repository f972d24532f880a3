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
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * Makes the batches of coming steps on other threads while the device works on this one's. What is
 * in a batch follows from the seed and its number alone.
 */
final class DenoiserBatches implements AutoCloseable {
    private static final int AHEAD = 4;
    private static final int PROCESSORS_TO_A_THREAD = 4;

    /** Odd, so that neighbouring seeds and batches never draw alike. */
    private static final long SEED_STRIDE = 0x9E3779B97F4A7C15L;

    private final DenoiserTrainingRequest request;
    private final DenoiserObjective objective;
    private final ClipCache.Reading cache;
    private final long[] latentNumbers;
    private final int words;
    private final int channels;
    private final ExecutorService threads;
    private final Queue<Future<Batch>> coming = new ArrayDeque<>();
    private long next;

    /**
     * The clips that pass through the model together, B of them, on the device.
     *
     * @param manager owns all arrays, for the taker to close
     * @param shapes of each clip, which of the request's; all the same unless clips are padded
     * @param latents (C, T, H, W) of one clip after another, fp16
     * @param noise as the latents, fp32
     * @param times (B), in the objective's terms
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
            ImmutableIntArray captions,
            NDArray states,
            NDArray words) {}

    /**
     * @param latentNumbers in a clip of each shape
     * @param words L of the states of a caption, 0 for models without texts
     * @param channels D of those
     * @param first number of the batch to begin with
     */
    DenoiserBatches(
            DenoiserTrainingRequest request,
            DenoiserObjective objective,
            ClipCache.Reading cache,
            long[] latentNumbers,
            int words,
            int channels,
            long first) {
        this.request = request;
        this.objective = objective;
        this.cache = cache;
        this.latentNumbers = latentNumbers.clone();
        this.words = words;
        this.channels = channels;
        this.next = first;
        this.threads =
                Executors.newFixedThreadPool(
                        Math.ceilDiv(
                                Runtime.getRuntime().availableProcessors(), PROCESSORS_TO_A_THREAD),
                        Thread.ofPlatform().name("batch-", 0).daemon().factory());
    }

    /** The next batch. */
    Batch next() throws InterruptedException {
        while (coming.size() < AHEAD) {
            long number = next++;
            coming.add(threads.submit(() -> batch(number)));
        }
        try {
            return coming.remove().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Batch batch(long number) {
        SplittableRandom random = new SplittableRandom(request.seed() * SEED_STRIDE + number);
        List<Integer> shapes = shapes(number);
        long numbers = shapes.stream().mapToLong(shape -> latentNumbers[shape]).sum();
        int clips = shapes.size();
        ByteBuffer latents = direct(numbers * Short.BYTES);
        ByteBuffer states = direct((long) clips * words * channels * Short.BYTES);
        ByteBuffer masks = direct((long) clips * words * Float.BYTES);
        ImmutableDoubleArray.Builder times = ImmutableDoubleArray.builder(clips);
        ImmutableIntArray.Builder captions = ImmutableIntArray.builder(clips);
        for (int shape : shapes) {
            int clip = random.nextInt(cache.count(shape));
            cache.latents(shape, clip, latents);
            times.add(objective.time(random));
            boolean dropped = random.nextDouble() < request.dropCondition();
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

    @Override
    public void close() {
        threads.close();
        coming.stream()
                .filter(batch -> batch.state() == Future.State.SUCCESS)
                .forEach(batch -> batch.resultNow().manager().close());
    }
}
