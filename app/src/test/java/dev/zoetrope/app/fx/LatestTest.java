package dev.zoetrope.app.fx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

final class LatestTest {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final List<Integer> delivered = new ArrayList<>();
    private final Latest<Integer> latest = new Latest<>(waiting::add, delivered::add);

    @Test
    void onlyTheNewestValueIsDelivered() {
        latest.accept(1);
        latest.accept(2);
        latest.accept(3);
        runAll();
        assertEquals(List.of(3), delivered);
    }

    @Test
    void oneDeliveryIsEnoughForManyValues() {
        latest.accept(1);
        latest.accept(2);
        assertEquals(1, waiting.size());
    }

    @Test
    void aValueAfterADeliveryIsDeliveredToo() {
        latest.accept(1);
        runAll();
        latest.accept(2);
        runAll();
        assertEquals(List.of(1, 2), delivered);
    }

    private void runAll() {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }
}
