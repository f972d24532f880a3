package dev.zoetrope.app.reconstruct;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.reconstruction.ReconstructionSummary;

import java.nio.file.Path;

/** Where the page's reconstruction is. */
public sealed interface RunState {
    /** No video has been opened. */
    record Empty() implements RunState {}

    /** Waiting for the models, the device or the first frame. */
    record Preparing() implements RunState {}

    /** Frames are coming. */
    record Running() implements RunState {}

    /** The person stopped it; the frames until then can be looked at. */
    record Cancelled(int frames) implements RunState {}

    record Failed(Problem problem) implements RunState {}

    /**
     * The result is whole.
     *
     * @param output where it is
     */
    record Finished(Path output, ReconstructionSummary summary) implements RunState {}
}
