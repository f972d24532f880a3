package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import com.google.common.primitives.ImmutableDoubleArray;

import dev.zoetrope.kernel.Generator;
import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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
    private final int stateNumbers;
    private final ExecutorService threads;
    private final Queue<Future<Batch>> coming = new ArrayDeque<>();
    private long next;

    /**
     * The clips that pass through the model together, B of them.
     *
     * @param shape which of the request's
     * @param latents (B, C, T, H, W), fp16
     * @param noise (B, C, T, H, W), fp32
     * @param times (B), in the objective's terms
     * @param states of words (B, L, D), fp16; those of the empty caption where it is left out
     * @param words (B, L), 1 for words and 0 for padding, fp32
     */
    record Batch(
            int shape,
            ByteBuffer latents,
            ByteBuffer noise,
            ImmutableDoubleArray times,
            ByteBuffer states,
            ByteBuffer words) {}

    /**
     * @param latentNumbers in a clip of each shape
     * @param stateNumbers in a caption, 0 for models without texts
     * @param first number of the batch to begin with
     */
    DenoiserBatches(
            DenoiserTrainingRequest request,
            DenoiserObjective objective,
            ClipCache.Reading cache,
            long[] latentNumbers,
            int stateNumbers,
            long first) {
        this.request = request;
        this.objective = objective;
        this.cache = cache;
        this.latentNumbers = latentNumbers.clone();
        this.stateNumbers = stateNumbers;
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
        int shape = request.shape(number / request.accumulate());
        int clips = request.batch();
        ByteBuffer latents = direct(clips * latentNumbers[shape] * Short.BYTES);
        ByteBuffer states = direct((long) clips * stateNumbers * Short.BYTES);
        ByteBuffer words =
                direct(stateNumbers == 0 ? 0 : (long) clips * request.words() * Float.BYTES);
        double[] times = new double[clips];
        for (int i = 0; i < clips; i++) {
            int clip = random.nextInt(cache.count(shape));
            cache.latents(shape, clip, latents);
            times[i] = objective.time(random);
            boolean dropped = random.nextDouble() < request.dropCondition();
            if (stateNumbers > 0) {
                int caption = cache.caption(shape, clip);
                // A prompt that says nothing is as long as the one it is guided away from.
                cache.states(dropped ? 0 : caption, states);
                for (int word = 0; word < request.words(); word++) {
                    words.putFloat(word < cache.length(caption) ? 1 : 0);
                }
            }
        }
        ByteBuffer noise = noise(random.nextLong(), clips * latentNumbers[shape]);
        return new Batch(
                shape,
                latents.flip(),
                noise,
                ImmutableDoubleArray.copyOf(times),
                states.flip(),
                words.flip());
    }

    private static ByteBuffer noise(long seed, long count) {
        Kernels k = Kernels.inference();
        try (NDManager manager = Kernels.newManager();
                Generator generator = k.generator(seed)) {
            NDArray normal = k.normal(manager, generator, count);
            return direct(count * Float.BYTES).put(normal.toByteBuffer()).flip();
        }
    }

    private static ByteBuffer direct(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
