package dev.zoetrope.app.problem;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.problem.Problem;

/**
 * A problem as the window shows it.
 *
 * @param title three or four words
 * @param cause what is wrong
 * @param remedy what to do about it
 */
public record Explanation(String title, String cause, String remedy) {

    /** Explains a problem; the compiler lists what is not explained yet. */
    public static Explanation of(Problem problem, Messages messages) {
        String title =
                switch (problem) {
                    case Problem.FileMissing _ -> messages.get("problem.missing");
                    case Problem.FileInaccessible _ -> messages.get("problem.inaccessible");
                    case Problem.MediaUnreadable _ -> messages.get("problem.media");
                    case Problem.CheckpointUnknown _,
                            Problem.CheckpointDamaged _,
                            Problem.CheckpointMismatch _,
                            Problem.TokenizerMissing _,
                            Problem.TokenizerUnusable _ ->
                            messages.get("problem.checkpoint");
                    case Problem.CheckpointUnsafe _ -> messages.get("problem.unsafe");
                    case Problem.ClipFaulty _ -> messages.get("problem.clip");
                    case Problem.RecipeUnreadable _ -> messages.get("problem.recipe");
                    case Problem.ImpossibleRequest _ -> messages.get("problem.impossible");
                    case Problem.OutOfMemory _ -> messages.get("problem.memory");
                    case Problem.Unexpected _ -> messages.get("problem.unexpected");
                };
        // The runtime's own remedy speaks of the command line.
        String remedy =
                problem instanceof Problem.Unexpected
                        ? messages.get("problem.unexpected.remedy")
                        : problem.remedy();
        return new Explanation(title, problem.cause(), remedy);
    }

    /** All of it as text, to be put on the clipboard. */
    public String asText() {
        return String.join(System.lineSeparator(), title, cause, remedy);
    }
}
