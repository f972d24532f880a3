package dev.zoetrope.app.models;

import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.problem.Problem;

import java.util.Optional;

/**
 * A model on this machine.
 *
 * @param imported whether the person brought it, and may remove it
 * @param bytes on disk
 * @param licence what people may do with it, where its publisher says so
 */
public record InstalledModel(
        String name, boolean imported, long bytes, Optional<String> licence, Condition condition) {

    /** Whether it can be used. */
    public sealed interface Condition {
        /**
         * It is whole.
         *
         * @param memory what it takes at its usual size against what this machine has; empty where
         *     that depends on the clip alone
         */
        record Usable(Inspection content, Optional<Fit> memory) implements Condition {}

        /** It is not what it was. */
        record Damaged(Problem problem) implements Condition {}
    }

    /**
     * Whether a model fits this machine.
     *
     * @param needed bytes at the peak of a clip of the usual size, as well as one can tell before
     * @param there bytes of memory
     */
    public record Fit(double needed, long there) {
        /** The part of the memory that a model can hardly have more than. */
        private static final double COMFORTABLE = 0.8;

        public boolean fits() {
            return needed <= there;
        }

        /** Whether nothing much besides may run. */
        public boolean tight() {
            return fits() && needed > COMFORTABLE * there;
        }
    }
}
