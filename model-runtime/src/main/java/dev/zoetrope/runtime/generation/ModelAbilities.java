package dev.zoetrope.runtime.generation;

import dev.zoetrope.runtime.media.FrameSize;

import java.util.List;
import java.util.Optional;

/**
 * What a model can make, and what it makes when nothing is said. Sizes and lengths beyond those it
 * was trained on are possible: positions are interpolated.
 *
 * @param denoiser architecture
 * @param codec architecture
 * @param width trained size in pixels
 * @param height trained size in pixels
 * @param frames trained length
 * @param fps frames per second of its clips
 * @param sizeMultiple that width and height are multiples of
 * @param lengths how many frames a clip can have
 * @param prompting what it is told
 * @param firstFrame whether a clip can be made to begin with a picture
 * @param sampler short name of the one it was published with
 * @param samplers short names of those that suit what it has learned
 * @param steps of the sampler
 * @param guidance 1 for none
 * @param licence what people may do with it, where its publisher says so
 */
public record ModelAbilities(
        String denoiser,
        String codec,
        int width,
        int height,
        int frames,
        double fps,
        int sizeMultiple,
        ClipLengths lengths,
        Prompting prompting,
        boolean firstFrame,
        String sampler,
        List<String> samplers,
        int steps,
        double guidance,
        Optional<String> licence) {
    public ModelAbilities {
        samplers = List.copyOf(samplers);
    }

    /** The possible size that is nearest to one. */
    public FrameSize nearest(double width, double height) {
        return new FrameSize(snapped(height), snapped(width));
    }

    private int snapped(double side) {
        return (int) Math.max(1, Math.round(side / sizeMultiple)) * sizeMultiple;
    }
}
