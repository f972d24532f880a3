package dev.zoetrope.train;

import dev.zoetrope.train.DenoiserBatches.Batch;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/** Has the batches of coming steps made on other threads while the device works on this one's. */
final class BatchesAhead implements AutoCloseable {
    private static final int AHEAD = 4;
    private static final int PROCESSORS_TO_A_THREAD = 4;

    private final LongFunction<Batch> batch;
    private final ExecutorService threads;
    private final Queue<Future<Batch>> coming = new ArrayDeque<>();
    private long next;

    /**
     * @param batch makes the one of a number
     * @param first number of the batch to begin with
     */
    BatchesAhead(LongFunction<Batch> batch, long first) {
        this.batch = batch;
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
            coming.add(threads.submit(() -> batch.apply(number)));
        }
        try {
            return coming.remove().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        threads.close();
        coming.stream()
                .filter(made -> made.state() == Future.State.SUCCESS)
                .forEach(made -> made.resultNow().manager().close());
    }
}
