package dev.zoetrope.runtime.generation;

import dev.zoetrope.runtime.media.Frame;

import java.util.List;

/**
 * What a running generation tells, in this order: one {@code Planned}, many {@code Stepped}, many
 * {@code Decoded}, one {@code Saved}; after the first, {@code Adjusted} at any time. One that goes
 * on after its process ended tells of the steps that were left, and of all frames.
 */
public sealed interface GenerationEvent {
    /** What will be done. */
    record Planned(GenerationPlan plan) implements GenerationEvent {}

    /** From here on something is done otherwise than planned. */
    record Adjusted(Notice notice) implements GenerationEvent {}

    /**
     * One more step of the sampler is taken.
     *
     * @param step from 1
     * @param steps of the sampler, which may be more than were asked for
     * @param preview thumbnails of what the clip looks like from here, one for each latent frame;
     *     empty when none was due
     */
    record Stepped(int step, int steps, List<Frame> preview) implements GenerationEvent {
        public Stepped {
            preview = List.copyOf(preview);
        }
    }

    /** One more frame is decoded; indices run from 0 without gaps. */
    record Decoded(int index, Frame frame) implements GenerationEvent {}

    /** The clip is whole and at its place. */
    record Saved(GenerationRequest request, GenerationSummary summary) implements GenerationEvent {}
}
