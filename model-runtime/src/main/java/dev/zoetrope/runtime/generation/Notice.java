package dev.zoetrope.runtime.generation;

/** Something done otherwise than asked, which the person ought to know. */
public sealed interface Notice {
    /** One sentence. */
    String text();

    /** A size that the model's patches do not fill. */
    record SizeSnapped(int width, int height, int askedWidth, int askedHeight, int multiple)
            implements Notice {
        @Override
        public String text() {
            return "%d x %d instead of %d x %d: this model makes sizes in multiples of %d."
                    .formatted(width, height, askedWidth, askedHeight, multiple);
        }
    }

    /** A length that the codec's windows do not fill. */
    record LengthSnapped(int frames, int asked, String rule) implements Notice {
        @Override
        public String text() {
            return "%d frames instead of %d: this model makes %s frames."
                    .formatted(frames, asked, rule);
        }
    }

    /** A size far from what the model was trained on. */
    record FarFromTraining(String what, String asked, String trained) implements Notice {
        @Override
        public String text() {
            return "The %s of %s is far from the %s this model was trained on; the result may suffer."
                    .formatted(what, asked, trained);
        }
    }

    /** A prompt longer than the encoder reads. */
    record PromptCut(String cut, int words) implements Notice {
        @Override
        public String text() {
            return "This model reads %d tokens of a prompt; \"%s\" was left out."
                    .formatted(words, cut);
        }
    }

    /**
     * Work that was interrupted and does not begin anew.
     *
     * @param where the end of "it goes on"
     */
    record Resumed(String where) implements Notice {
        @Override
        public String text() {
            return "This was interrupted before and goes on %s.".formatted(where);
        }
    }

    /** A clip that was wanted before all steps were taken. */
    record EndedEarly(int step, int steps) implements Notice {
        @Override
        public String text() {
            return "Sampling was ended after step %d of %d; the clip is what they came to."
                    .formatted(step, steps);
        }
    }

    /**
     * Something that had to make do with less memory.
     *
     * @param work the end of "there was not enough memory for"
     * @param instead what is done, one clause
     */
    record MemoryShort(String work, String instead) implements Notice {
        @Override
        public String text() {
            return "There was not enough memory for %s: %s.".formatted(work, instead);
        }
    }

    /** Something of the request that this model has no use for. */
    record Ignored(String what, String why) implements Notice {
        @Override
        public String text() {
            return "%s was ignored: %s.".formatted(what, why);
        }
    }
}
