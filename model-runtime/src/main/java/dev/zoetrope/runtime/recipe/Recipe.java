package dev.zoetrope.runtime.recipe;

import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.media.FrameRange;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a clip was made: all that it takes to make it again, and to say why it came out otherwise if
 * it does. Of files it names what the request named, as the request named it, and nothing else.
 */
public sealed interface Recipe {
    /** The tag of a clip that holds it. */
    String TAG = "comment";

    Circumstances circumstances();

    /** What players show as the clip's title. */
    String title();

    /**
     * A clip that a model made.
     *
     * @param request what was asked for; read from a clip, its output is that clip
     * @param settings what it came to
     */
    record Generated(GenerationRequest request, Circumstances circumstances, Settings settings)
            implements Recipe {
        @Override
        public String title() {
            return request.prompt();
        }
    }

    /**
     * What was left open by a request, as it was decided, and what was brought to what the model
     * can make.
     *
     * @param width pixels
     * @param height pixels
     * @param frames of the clip
     * @param fps frames per second
     * @param sampler short name
     * @param steps asked of the sampler
     * @param guidance 1 for none
     */
    record Settings(
            int width,
            int height,
            int frames,
            double fps,
            String sampler,
            int steps,
            double guidance) {}

    /**
     * A video that went through a codec.
     *
     * @param request what was asked for; read from a clip, its output is that clip, and of one with
     *     the original on the left its {@code sideBySide}
     */
    record Reconstructed(ReconstructionRequest request, Circumstances circumstances)
            implements Recipe {
        @Override
        public String title() {
            return "Reconstruction of " + request.input().getFileName();
        }
    }

    /**
     * A clip that was read from the file that was made and written to another: what each file
     * before it lost is lost in it, too.
     *
     * @param made how the first of the files was made
     * @param from how each file that was read before it was coded, in words, the first one first
     */
    record Reencoded(Recipe made, List<String> from) implements Recipe {
        public Reencoded {
            if (!(made instanceof Generated || made instanceof Reconstructed)) {
                throw new IllegalArgumentException("what was made is a whole clip");
            }
            if (from.isEmpty()) {
                throw new IllegalArgumentException("it was read from nothing");
            }
            from = List.copyOf(from);
        }

        @Override
        public Circumstances circumstances() {
            return made.circumstances();
        }

        @Override
        public String title() {
            return made.title();
        }
    }

    /**
     * Frames of a clip that were written anew. They are not what its recipe makes, and never equal
     * to it.
     *
     * @param whole how that clip was made
     * @param frames which of its frames they are
     */
    record Excerpt(Recipe whole, FrameRange frames) implements Recipe {
        public Excerpt {
            if (whole instanceof Excerpt) {
                throw new IllegalArgumentException("an excerpt is one of a whole clip");
            }
        }

        @Override
        public Circumstances circumstances() {
            return whole.circumstances();
        }

        @Override
        public String title() {
            return whole.title();
        }
    }

    /**
     * What such a clip is when it is read and written to another file. Of an excerpt it is clear
     * that it was.
     *
     * @param coded how its own file is coded, in words
     */
    default Recipe reencoded(String coded) {
        return switch (this) {
            case Generated _, Reconstructed _ -> new Reencoded(this, List.of(coded));
            case Reencoded(Recipe made, List<String> from) ->
                    new Reencoded(made, Stream.concat(from.stream(), Stream.of(coded)).toList());
            case Excerpt _ -> this;
        };
    }

    /** How it was made, whatever was done with it afterwards. */
    default Recipe made() {
        return switch (this) {
            case Generated _, Reconstructed _ -> this;
            case Reencoded(Recipe made, _) -> made;
            case Excerpt(Recipe whole, _) -> whole.made();
        };
    }

    /** What some frames of such a clip are. */
    default Excerpt excerpt(FrameRange frames) {
        return this instanceof Excerpt(Recipe whole, FrameRange before)
                ? new Excerpt(
                        whole,
                        new FrameRange(
                                before.first() + frames.first(), before.first() + frames.last()))
                : new Excerpt(this, frames);
    }

    /** As a clip carries it: one JSON object in one line. */
    default String json() {
        return RecipeJson.write(this);
    }

    /** The tags of a clip that was made so. */
    default Map<String, String> tags() {
        return Map.of("title", title(), TAG, json());
    }

    /**
     * What {@link #json} has written.
     *
     * @param clip that carries it
     * @throws dev.zoetrope.runtime.problem.ProblemException with {@link
     *     dev.zoetrope.runtime.problem.Problem.RecipeUnreadable} when it is damaged
     */
    static Optional<Recipe> read(String json, Path clip) {
        return RecipeJson.read(json, clip);
    }

    /**
     * What a clip says; empty when it says nothing, or says it to another program.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when the clip cannot be read, or with
     *     {@link dev.zoetrope.runtime.problem.Problem.RecipeUnreadable}
     */
    static Optional<Recipe> of(Path clip) {
        try (FrameReader reader = FrameReader.open(clip)) {
            return reader.info().tag(TAG).flatMap(text -> RecipeJson.read(text, clip));
        }
    }
}
