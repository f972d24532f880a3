package dev.zoetrope.cli;

import dev.zoetrope.runtime.UserFolders;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes text fit to be shown to strangers: Zoetrope's own folders are called by what they are, and
 * of all other paths nothing is left, nor of the user's name.
 */
final class Discretion {
    static final String HIDDEN = "(path)";

    /**
     * From a root, a drive or a named folder to what usually follows a file's name in a sentence.
     */
    private static final Pattern PATH =
            Pattern.compile(
                    "(?<![\\w/:.}])(?:[A-Za-z]:[\\\\/]|\\\\\\\\|~?/(?=[^/\\s]))[^\\n\"'<>|,;()\\[\\]]*?(?=: |[\"'<>|,;()\\[\\]]|$)",
                    Pattern.MULTILINE);

    private static final Pattern INSIDE =
            Pattern.compile(
                    "(\\{\\w+})[/\\\\][^\\n\"'<>|,;()\\[\\]]*?(?=: |[\"'<>|,;()\\[\\]]|$)",
                    Pattern.MULTILINE);

    private static final int SHORTEST_NAME = 3;

    private final Map<String, String> names = new LinkedHashMap<>();
    private final String user;

    Discretion(UserFolders folders, Path home, String user) {
        this.user = user;
        Map<Path, String> known = new LinkedHashMap<>();
        known.put(folders.results(), "{results}");
        known.put(folders.cache(), "{cache}");
        known.put(folders.settings(), "{settings}");
        known.put(folders.data(), "{data}");
        known.put(Path.of(System.getProperty("java.home")), "{java}");
        known.put(home, "{home}");
        List<Map.Entry<Path, String>> longestFirst =
                known.entrySet().stream()
                        .sorted(
                                Comparator.comparingInt((Map.Entry<Path, String> entry) ->
                                        -entry.getKey().toAbsolutePath().toString().length()))
                        .toList();
        longestFirst.forEach(
                entry -> names.put(entry.getKey().toAbsolutePath().toString(), entry.getValue()));
    }

    /** The text as strangers may see it. */
    String of(String text) {
        String told = text;
        for (Map.Entry<String, String> name : names.entrySet()) {
            told =
                    told.replaceAll(
                            Pattern.quote(name.getKey()) + "(?![\\w.-])",
                            Matcher.quoteReplacement(name.getValue()));
        }
        told = INSIDE.matcher(told).replaceAll("$1/" + Matcher.quoteReplacement(HIDDEN));
        told = PATH.matcher(told).replaceAll(Matcher.quoteReplacement(HIDDEN));
        return user.length() < SHORTEST_NAME
                ? told
                : told.replaceAll("\\b" + Pattern.quote(user) + "\\b", "{user}");
    }
}
