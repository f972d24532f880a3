package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.runtime.media.FrameSize;

import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which frames of a clip are given to a model that completes clips; the rest is to be generated.
 * The kinds are those that v1.3 learned from ({@code opensora/utils/mask_utils.py} at c41050ae).
 *
 * @param frames T, at least 1
 * @param given indices of frames
 */
public record ConditionMask(int frames, Set<Integer> given) {
    /**
     * @throws IllegalArgumentException when a frame is given that the clip does not have
     */
    public ConditionMask {
        given = Set.copyOf(given);
        if (frames < 1 || given.stream().anyMatch(frame -> frame < 0 || frame >= frames)) {
            throw new IllegalArgumentException("frames %s of %d".formatted(given, frames));
        }
    }

    /** {@code t2iv}: everything is made from the text. */
    public static ConditionMask nothing(int frames) {
        return new ConditionMask(frames, Set.of());
    }

    /** {@code i2v}: a picture begins to move. */
    public static ConditionMask first(int frames) {
        return beginning(frames, 1);
    }

    /** {@code transition}: from one picture to another. */
    public static ConditionMask ends(int frames) {
        return new ConditionMask(
                frames, IntStream.of(0, frames - 1).boxed().collect(Collectors.toSet()));
    }

    /** {@code continuation}: a clip goes on after so many frames. */
    public static ConditionMask beginning(int frames, int given) {
        return new ConditionMask(
                frames, IntStream.range(0, given).boxed().collect(Collectors.toSet()));
    }

    /** {@code random_temporal}: so many frames anywhere. */
    public static ConditionMask anywhere(int frames, int given, RandomGenerator random) {
        return new ConditionMask(
                frames,
                random.ints(0, frames).distinct().limit(given).boxed().collect(Collectors.toSet()));
    }

    /** {@code clear}: nothing is left to do. */
    public static ConditionMask everything(int frames) {
        return beginning(frames, frames);
    }

    /** 1 for pixels to be generated, 0 for given ones (T, 1, H, W), fp32. */
    public NDArray pixels(NDManager manager, FrameSize size) {
        float[] values = new float[frames];
        for (int i = 0; i < frames; i++) {
            values[i] = given.contains(i) ? 0 : 1;
        }
        return manager.create(values, new Shape(frames, 1, 1, 1))
                .broadcast(frames, 1, size.height(), size.width());
    }
}
