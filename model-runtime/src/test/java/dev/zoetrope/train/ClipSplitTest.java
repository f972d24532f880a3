package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class ClipSplitTest {
    private static ClipSplit split(double share, Integer... counts) {
        return ClipSplit.of(List.of(counts), share, SplittableRandom::new);
    }

    @Test
    void eachClipIsLearnedFromOrHeldOut() {
        ClipSplit split = split(0.1, 2000);

        List<Integer> all = new ArrayList<>(split.learned().getFirst().asList());
        all.addAll(split.heldOut().getFirst().asList());
        assertEquals(IntStream.range(0, 2000).boxed().toList(), all.stream().sorted().toList());
        assertEquals(200, split.heldOut().getFirst().length(), 30);
    }

    @Test
    void moreClipsLeaveTheOthersWhereTheyAre() {
        List<Integer> few = split(0.1, 500, 500).heldOut().get(1).asList();
        List<Integer> many = split(0.1, 600, 700).heldOut().get(1).asList();

        assertTrue(many.size() > few.size());
        assertEquals(few, many.subList(0, few.size()));
    }

    @Test
    void thereIsAlwaysAClipToLearnFrom() {
        assertEquals(List.of(0), split(1, 3).learned().getFirst().asList());
    }

    @Test
    void aShareOfNoneHoldsNothingOut() {
        ClipSplit split = split(0, 50);

        assertEquals(50, split.learned().getFirst().length());
        assertTrue(split.heldOut().getFirst().isEmpty());
    }
}
