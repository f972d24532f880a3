package dev.zoetrope.train;

import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.TrainingClip;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes the batches of coming steps on other threads while the device works on this one's. */
final class ClipLoader implements AutoCloseable {
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final int AHEAD = 2 * THREADS;

    private final CodecTrainingRequest request;
    private final ClipSource source;
    private final ExecutorService threads;
    private final Queue<Future<Batch>> coming = new ArrayDeque<>();
    private long nextStep;

    /**
     * The clips of one step.
     *
     * @param rgb (B, T, H, W, 3) bytes
     */
    record Batch(int clips, ClipShape shape, ByteBuffer rgb) {}

    ClipLoader(CodecTrainingRequest request, ClipSource source, long firstStep) {
        this.request = request;
        this.source = source;
        this.nextStep = firstStep;
        this.threads =
                Executors.newFixedThreadPool(
                        THREADS, Thread.ofPlatform().name("clip-loader-", 0).daemon().factory());
    }

    /** The batch of the next step. */
    Batch next() throws InterruptedException {
        while (coming.size() < AHEAD) {
            long step = nextStep++;
            coming.add(threads.submit(() -> batch(request, source, step)));
        }
        try {
            return coming.remove().get();
        } catch (ExecutionException e) {
            // Only unchecked ones: a source declares nothing else.
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        }
    }

    /** The same for the same request and step, so that a resumed run sees the same clips. */
    static Batch batch(CodecTrainingRequest request, ClipSource source, long step) {
        ClipShape shape = request.shape(step);
        int clips = request.clips(shape);
        ByteBuffer rgb = ByteBuffer.allocateDirect(clips * shape.bytes());
        for (int i = 0; i < clips; i++) {
            // Steps of different shapes have different numbers of clips; a wide stride keeps them
            // apart.
            long index = request.seed() * 1_000_003L + step * 4096L + i;
            TrainingClip clip = source.clip(Math.abs(index), shape);
            rgb.put(clip.rgb());
        }
        return new Batch(clips, shape, rgb.flip());
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
