package dev.zoetrope.app.library;

import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.media.FrameSize;
import dev.zoetrope.runtime.recipe.Recipe;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A clip that says how it was made.
 *
 * @param changed when the file was last written to
 * @param bytes of the file; 0 of a folder of frames
 * @param words what a search looks through, in lower case
 */
record Clip(Path file, Instant changed, long bytes, Recipe recipe, String words) {
    static Clip of(Path file, Instant changed, long bytes, Recipe recipe) {
        String words = recipe.title() + "\n" + file.getFileName() + "\n" + modelOf(recipe);
        return new Clip(file, changed, bytes, recipe, words.toLowerCase(Locale.ROOT));
    }

    /** What it shows, or was made from. */
    String title() {
        return recipe.title();
    }

    /** Name of the model or codec that made it. */
    String model() {
        return modelOf(recipe);
    }

    /** Of its frames, where it says so. */
    Optional<FrameSize> size() {
        return whole() instanceof Recipe.Generated(_, _, var made)
                ? Optional.of(new FrameSize(made.height(), made.width()))
                : Optional.empty();
    }

    /** The request that made it, or that made what it is an excerpt of. */
    Optional<GenerationRequest> request() {
        return whole() instanceof Recipe.Generated(var request, _, _)
                ? Optional.of(request)
                : Optional.empty();
    }

    /** How it was made, or what it is an excerpt of, or was encoded again from. */
    Recipe whole() {
        return recipe.made();
    }

    private static String modelOf(Recipe recipe) {
        String named =
                switch (recipe) {
                    case Recipe.Generated(var request, _, _) -> request.model();
                    case Recipe.Reconstructed(var request, _) -> request.codec();
                    case Recipe.Reencoded _, Recipe.Excerpt _ -> modelOf(recipe.made());
                };
        // A model that was named by its folder is known by the folder's name.
        return named.substring(Math.max(named.lastIndexOf('/'), named.lastIndexOf('\\')) + 1);
    }
}
