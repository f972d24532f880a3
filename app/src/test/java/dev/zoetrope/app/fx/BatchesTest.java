package dev.zoetrope.app.fx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

final class BatchesTest {
    @Test
    void valuesGatherUntilTheyAreDelivered() {
        List<Runnable> waiting = new ArrayList<>();
        List<List<Integer>> delivered = new ArrayList<>();
        var batches = new Batches<Integer>(waiting::add, delivered::add);
        batches.accept(1);
        batches.accept(2);
        waiting.removeFirst().run();
        batches.accept(3);
        waiting.removeFirst().run();
        assertEquals(List.of(List.of(1, 2), List.of(3)), delivered);
        assertEquals(List.of(), waiting);
    }

    @Test
    void acrossThreadsNothingIsLostAndTheOrderIsKept() {
        List<Integer> delivered = new ArrayList<>();
        try (ExecutorService receiver = Executors.newSingleThreadExecutor()) {
            var batches = new Batches<Integer>(receiver, delivered::addAll);
            IntStream.range(0, 10_000).forEach(batches::accept);
        }
        assertEquals(IntStream.range(0, 10_000).boxed().toList(), delivered);
    }
}
