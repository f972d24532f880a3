package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.runtime.media.Frame;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Small pictures of a clip in the making, no more often than was asked for. */
final class Previews {
    private final Optional<LatentRgb> colours;
    private final double fps;
    private final Duration every;
    private long due = Long.MIN_VALUE;

    private Previews(Optional<LatentRgb> colours, double fps, Duration every) {
        this.colours = colours;
        this.fps = fps;
        this.every = every;
    }

    /**
     * @param fps latent frames per second
     */
    Previews(LatentRgb colours, double fps, Duration every) {
        this(Optional.of(colours), fps, every);
    }

    static Previews none() {
        return new Previews(Optional.empty(), 1, Duration.ZERO);
    }

    /**
     * One picture for each latent frame; none when it is not time yet.
     *
     * @param latents (1, C, T, H, W)
     */
    List<Frame> of(Supplier<NDArray> latents) {
        long now = System.nanoTime();
        if (colours.isEmpty() || now < due) {
            return List.of();
        }
        due = now + every.toNanos();
        return colours.get().frames(latents.get(), fps);
    }
}
