package dev.zoetrope.app.settings;

import dev.zoetrope.runtime.gpu.GpuState;
import dev.zoetrope.runtime.gpu.LibraryProgress;
import dev.zoetrope.runtime.problem.Problem;

import java.net.URI;
import java.util.Optional;

/** Where a person is on the way to computing on the GPU. */
public sealed interface GpuStep {
    /** Nothing is known yet. */
    record Unknown() implements GpuStep {}

    /** What is found. */
    record Found(GpuState state) implements GpuStep {}

    /** What would be downloaded, and from where, is being read. */
    record Asked(GpuState.Missing missing, URI repository) implements GpuStep {}

    /**
     * It comes.
     *
     * @param bytesPerSecond 0 until that is known
     */
    record Bringing(GpuState.Missing missing, LibraryProgress now, double bytesPerSecond)
            implements GpuStep {
        double fraction() {
            return (double) now.came() / now.total();
        }

        /** Seconds to the end; infinite until that is known. */
        double secondsLeft() {
            return (now.total() - now.came()) / bytesPerSecond;
        }
    }

    /** They are being deleted. */
    record Removing(GpuState state) implements GpuStep {}

    /** It did not come to its end. */
    record Failed(GpuState state, Problem why) implements GpuStep {}

    /** What was found last. */
    default Optional<GpuState> known() {
        return switch (this) {
            case Unknown _ -> Optional.empty();
            case Found(var state) -> Optional.of(state);
            case Asked(var missing, _) -> Optional.of(missing);
            case Bringing(var missing, _, _) -> Optional.of(missing);
            case Removing(var state) -> Optional.of(state);
            case Failed(var state, _) -> Optional.of(state);
        };
    }
}
