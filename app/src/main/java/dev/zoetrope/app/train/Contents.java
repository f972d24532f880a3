package dev.zoetrope.app.train;

import dev.zoetrope.runtime.problem.Problem;

import java.util.List;

/** What a data set holds. */
public sealed interface Contents {
    /** Nothing is chosen yet. */
    record Unknown() implements Contents {}

    /** It is being listed. */
    record Reading() implements Contents {}

    /**
     * Files, of which some may have been looked into.
     *
     * @param looked how many were
     * @param uncaptioned without a caption, but for those that are left out
     */
    record Files(
            List<Example.OfFile> examples,
            int looked,
            int videos,
            int pictures,
            int uncaptioned,
            int leftOut)
            implements Contents {
        public Files {
            examples = List.copyOf(examples);
        }

        /** None of which was looked into. */
        static Files of(List<Example.OfFile> examples) {
            int uncaptioned =
                    (int) examples.stream().filter(one -> one.caption().isEmpty()).count();
            return new Files(examples, 0, 0, 0, uncaptioned, 0);
        }

        /** These, one of which was looked into. */
        Files with(Example.OfFile example, Sight sight) {
            boolean leftOut = sight instanceof Sight.LeftOut;
            return new Files(
                    examples,
                    looked + 1,
                    videos + (sight instanceof Sight.Video ? 1 : 0),
                    pictures + (sight instanceof Sight.Picture ? 1 : 0),
                    uncaptioned - (leftOut && example.caption().isEmpty() ? 1 : 0),
                    leftOut ? this.leftOut + 1 : this.leftOut);
        }

        /** Whether there is nothing to learn words from. */
        public boolean wordless() {
            return uncaptioned == examples.size() - leftOut;
        }
    }

    /** Clips that are made up; the first of them. */
    record MadeUp(List<Example.MadeUp> examples) implements Contents {
        public MadeUp {
            examples = List.copyOf(examples);
        }
    }

    /** It cannot be learned from. */
    record Unusable(Problem problem) implements Contents {}
}
