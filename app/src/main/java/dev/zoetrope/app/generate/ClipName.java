package dev.zoetrope.app.generate;

import dev.zoetrope.runtime.generation.GenerationRequest;

import java.util.Locale;

/** What the file of a clip is called: the prompt's first words and the seed. */
final class ClipName {
    private static final int LONGEST = 60;

    private ClipName() {}

    /** Without extension. */
    static String of(GenerationRequest request) {
        String words =
                request.prompt()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{M}\\p{N}]+", " ")
                        .strip();
        if (words.length() > LONGEST) {
            int space = words.lastIndexOf(' ', LONGEST);
            words = words.substring(0, space > 0 ? space : LONGEST);
        }
        return (words.isEmpty() ? "clip" : words) + " - " + request.seed();
    }
}
