package dev.zoetrope.cli;

import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.recipe.Recipe;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The command line that makes a clip again, beside what it makes; of an excerpt all of the clip,
 * and of what was encoded again the clip that was made.
 */
final class CommandWords {
    /** What no shell reads anything into. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./:=,+-]+");

    private final List<String> words = new ArrayList<>();

    private CommandWords(String command) {
        words.add("zoetrope");
        words.add(command);
    }

    /** As a program takes them. */
    static List<String> of(Recipe recipe) {
        return switch (recipe) {
            case Recipe.Generated(var request, _, _) -> generate(request);
            case Recipe.Reconstructed(var request, _) -> reconstruct(request);
            case Recipe.Reencoded _, Recipe.Excerpt _ -> of(recipe.made());
        };
    }

    private static List<String> generate(GenerationRequest request) {
        CommandWords line = new CommandWords("generate");
        if (!request.negative().isEmpty()) {
            line.option("--negative", request.negative());
        }
        request.image().ifPresent(image -> line.option("--image", image));
        line.option("--model", request.model());
        request.aspect().ifPresent(aspect -> line.option("--aspect", aspect));
        request.resolution().ifPresent(side -> line.option("--resolution", side));
        request.length()
                .ifPresent(length -> {
                    switch (length) {
                        case ClipLength.Frames(int count) -> line.option("--frames", count);
                        case ClipLength.Seconds(double count) -> line.option("--duration", count);
                    }
                });
        request.fps().ifPresent(fps -> line.option("--fps", Numbers.plain(fps)));
        request.steps().ifPresent(steps -> line.option("--steps", steps));
        request.guidance().ifPresent(scale -> line.option("--guidance", Numbers.plain(scale)));
        request.sampler().ifPresent(sampler -> line.option("--sampler", sampler));
        line.option("--seed", request.seed());
        request.precision().ifPresent(precision -> line.option("--precision", lower(precision)));
        line.option("-o", again(request.output()));
        line.argument(request.prompt());
        return line.words;
    }

    private static List<String> reconstruct(ReconstructionRequest request) {
        CommandWords line = new CommandWords("reconstruct");
        line.option("--codec", request.codec());
        request.resolution().ifPresent(side -> line.option("--resolution", side));
        if (request.startSeconds() > 0) {
            line.option("--start", Numbers.plain(request.startSeconds()));
        }
        request.frames().ifPresent(frames -> line.option("--frames", frames));
        request.precision().ifPresent(precision -> line.option("--precision", lower(precision)));
        line.option("-o", again(request.output()));
        request.sideBySide().ifPresent(file -> line.option("--side-by-side", again(file)));
        line.argument(request.input().toString());
        return line.words;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** {@code NAME-again.EXTENSION} in the current folder. */
    private static Path again(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return Path.of(
                dot > 0
                        ? name.substring(0, dot) + "-again" + name.substring(dot)
                        : name + "-again");
    }

    private void option(String name, Object value) {
        String text = String.valueOf(value);
        // By itself it would be taken for an option, or for a file with more words.
        if (text.startsWith("-") || text.startsWith("@")) {
            words.add(name + "=" + text);
        } else {
            words.add(name);
            words.add(text);
        }
    }

    private void argument(String text) {
        if (text.isEmpty()) {
            return;
        }
        if (text.startsWith("-")) {
            words.add("--");
        }
        words.add(text.startsWith("@") ? "@" + text : text);
    }

    /** As a person types them. */
    static String quoted(List<String> words) {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        return words.stream()
                .map(word ->
                        PLAIN.matcher(word).matches()
                                ? word
                                : windows
                                        ? '"' + word.replace("\"", "\\\"") + '"'
                                        : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
