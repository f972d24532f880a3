package dev.zoetrope.train;

import com.google.common.primitives.ImmutableIntArray;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Which clips of a cache are learned from, and which are held out to tell how well. Where a clip
 * goes follows from the seed and its place alone, so more clips leave those before them where they
 * are. The first of each shape is learned from.
 *
 * @param learned clips of each shape
 * @param heldOut clips of each shape
 */
record ClipSplit(List<ImmutableIntArray> learned, List<ImmutableIntArray> heldOut) {
    ClipSplit {
        learned = List.copyOf(learned);
        heldOut = List.copyOf(heldOut);
    }

    /**
     * Draws it.
     *
     * @param counts of the clips of each shape
     * @param share that is held out, 0 for none
     * @param random of a shape
     */
    static ClipSplit of(List<Integer> counts, double share, IntFunction<SplittableRandom> random) {
        List<ImmutableIntArray> learned = new ArrayList<>();
        List<ImmutableIntArray> heldOut = new ArrayList<>();
        for (int shape = 0; shape < counts.size(); shape++) {
            SplittableRandom lots = random.apply(shape);
            ImmutableIntArray.Builder one = ImmutableIntArray.builder();
            ImmutableIntArray.Builder other = ImmutableIntArray.builder();
            for (int clip = 0; clip < counts.get(shape); clip++) {
                boolean held = lots.nextDouble() < share && clip > 0;
                (held ? other : one).add(clip);
            }
            learned.add(one.build());
            heldOut.add(other.build());
        }
        return new ClipSplit(learned, heldOut);
    }
}
