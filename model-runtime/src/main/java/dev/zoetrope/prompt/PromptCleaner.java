package dev.zoetrope.prompt;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text as the captions were that the models have learned from: in lower case, without addresses,
 * markup, file names, codes and unusual punctuation. The rules and their order are those of {@code
 * clean_caption}, which DeepFloyd-IF brought up and PixArt and Open-Sora-Plan took over; where they
 * are odd, so is this.
 */
public enum PromptCleaner {
    /** Open-Sora-Plan v1.0 and v1.1, whose encoder reads no Chinese: it is removed. */
    WITHOUT_CHINESE,
    /** Since v1.2. */
    WITH_CHINESE;

    private record Rule(Pattern pattern, String replacement) {
        static Rule remove(String pattern) {
            return replace(pattern, "");
        }

        static Rule replace(String pattern, String replacement) {
            return new Rule(python(pattern), replacement);
        }

        String apply(String text) {
            return pattern.matcher(text).replaceAll(replacement);
        }
    }

    private static final String SPACE =
            "\\x09-\\x0d\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
    private static final String WORD = "\\p{L}\\p{N}_";

    private static final Pattern PERCENT_CODES = Pattern.compile("(?:%[0-9a-fA-F]{2})+");
    private static final Pattern UNCLOSED_TAG = Pattern.compile("<(?![^>]*>)");
    private static final Pattern OUTER_SPACE =
            Pattern.compile("^[%1$s]+|[%1$s]+\\z".formatted(SPACE));

    /** After a scheme or not, up to the end of the path. */
    private static final String ADDRESS =
            "\\b(?:%s:(?:/{1,3}|[a-zA-Z0-9%%])"
                    + "|[a-zA-Z0-9.\\-]+[.](?:com|co|ru|net|org|edu|gov|it)[\\w/-]*\\b/?(?!@))";

    private static final String FILE_TYPE = "(?:png|jpg|jpeg|bmp|webp|eps|pdf|apk|mp4)";

    private static final List<Rule> BEFORE_MARKUP =
            List.of(
                    Rule.replace("<person>", "person"),
                    Rule.remove(ADDRESS.formatted("https?")),
                    Rule.remove(ADDRESS.formatted("www")));

    private static final List<Rule> AFTER_MARKUP =
            List.of(
                    Rule.remove("@[\\w\\d]+\\b"),
                    // Strokes, phonetic extensions, enclosed and squared forms, rare ideographs,
                    // hexagrams.
                    Rule.remove("[\\u31c0-\\u4dff]+"));

    private static final Rule CHINESE = Rule.remove("[\\u4e00-\\u9fff]+");

    private static final List<Rule> PUNCTUATION =
            List.of(
                    Rule.replace(
                            "[\\u002d\\u058a\\u05be\\u1400\\u1806\\u2010-\\u2015\\u2e17\\u2e1a\\u2e3a"
                                    + "\\u2e3b\\u2e40\\u301c\\u3030\\u30a0\\ufe31\\ufe32\\ufe58\\ufe63"
                                    + "\\uff0d]+",
                            "-"),
                    Rule.replace("[`´«»“”¨]", "\""),
                    Rule.replace("[‘’]", "'"),
                    Rule.remove("&quot;?"),
                    Rule.remove("&amp"),
                    Rule.replace("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}", " "),
                    Rule.remove("\\d:\\d\\d\\s+$"),
                    Rule.replace("\\\\n", " "),
                    Rule.remove("#\\d{1,3}\\b"),
                    Rule.remove("#\\d{5,}\\b"),
                    Rule.remove("\\b\\d{6,}\\b"),
                    Rule.remove("\\S+\\." + FILE_TYPE),
                    Rule.replace("[\"']{2,}", "\""),
                    Rule.replace("[.]{2,}", " "),
                    Rule.replace("[#®•©™&@·º½¾¿¡§~)(\\]\\[}{|\\\\/*]+", " "),
                    Rule.replace("\\s+\\.\\s+", " "));

    private static final Pattern JOINT = Pattern.compile("[-_]");
    private static final int MOST_JOINTS = 3;

    private static final List<Rule> CODES =
            List.of(
                    Rule.remove("\\b[a-zA-Z]{1,3}\\d{3,15}\\b"),
                    Rule.remove("\\b[a-zA-Z]+\\d+[a-zA-Z]+\\b"),
                    Rule.remove("\\b\\d+[a-zA-Z]+\\d+\\b"),
                    Rule.remove("(?:worldwide\\s+)?(?:free\\s+)?shipping"),
                    Rule.remove("(?:free\\s)?download(?:\\sfree)?"),
                    Rule.remove("\\bclick\\b\\s(?:for|on)\\s\\w+"),
                    Rule.remove("\\b" + FILE_TYPE + "(?:\\simages?)?"),
                    Rule.remove("\\bpage\\s+\\d+\\b"),
                    Rule.replace("\\b\\d*[a-zA-Z]+\\d+[a-zA-Z]+\\d+[a-zA-Z\\d]*\\b", " "),
                    // Latin, Cyrillic and the sign itself.
                    Rule.remove("\\b\\d+\\.?\\d*[xх×]\\d+\\.?\\d*\\b"));

    private static final List<Rule> SPACING =
            List.of(
                    Rule.replace("\\b\\s+:\\s+", ": "),
                    Rule.replace("(\\D[,./])\\b", "$1 "),
                    Rule.replace("\\s+", " "),
                    Rule.replace("^[\"'](.+)[\"']$", "$1"),
                    Rule.remove("^['_,\\-:;]"),
                    Rule.remove("['_,\\-:+]$"),
                    Rule.remove("^\\.\\S+$"));

    /** The text cleaned twice, as the reference does: a rule may uncover what another removes. */
    public String clean(String text) {
        return cleanOnce(cleanOnce(text));
    }

    private String cleanOnce(String text) {
        String caption = strip(unquote(text)).toLowerCase(Locale.ROOT);
        caption = apply(BEFORE_MARKUP, caption);
        caption = withoutMarkup(caption);
        caption = apply(AFTER_MARKUP, caption);
        if (this == WITHOUT_CHINESE) {
            caption = CHINESE.apply(caption);
        }
        caption = apply(PUNCTUATION, caption);
        if (JOINT.matcher(caption).results().count() > MOST_JOINTS) {
            caption = JOINT.matcher(caption).replaceAll(" ");
        }
        caption = TextRepair.repair(caption);
        caption = unescape(unescape(caption));
        caption = apply(CODES, caption);
        return strip(apply(SPACING, caption));
    }

    private static String apply(List<Rule> rules, String text) {
        String result = text;
        for (Rule rule : rules) {
            result = rule.apply(result);
        }
        return result;
    }

    /** A pattern as Python understands it: of characters and words it has notions of its own. */
    private static Pattern python(String pattern) {
        String spelled =
                pattern.replace("\\S", "[^" + SPACE + "]")
                        .replace("\\s", "[" + SPACE + "]")
                        .replace("\\w", "[" + WORD + "]")
                        .replace("\\d", "\\p{Nd}")
                        .replace("\\D", "\\P{Nd}")
                        .replace(
                                "\\b",
                                "(?:(?<=[%1$s])(?![%1$s])|(?<![%1$s])(?=[%1$s]))".formatted(WORD));
        return Pattern.compile(spelled, Pattern.UNIX_LINES | Pattern.DOTALL);
    }

    private static String strip(String text) {
        return OUTER_SPACE.matcher(text).replaceAll("");
    }

    /** Undoes the coding of web addresses; what is no code stays. */
    private static String unquote(String text) {
        return PERCENT_CODES
                .matcher(text.replace('+', ' '))
                .replaceAll(codes -> Matcher.quoteReplacement(decode(codes.group())));
    }

    private static String decode(String codes) {
        byte[] bytes = new byte[codes.length() / 3];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(codes.substring(3 * i + 1, 3 * i + 3), 16);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The text between tags. */
    private static String withoutMarkup(String text) {
        String tagged = UNCLOSED_TAG.matcher(text).replaceAll("&lt;");
        Document document = Jsoup.parse(tagged, "", Parser.xmlParser());
        document.select("script, style").remove();
        return document.nodeStream(TextNode.class)
                .map(TextNode::getWholeText)
                .collect(Collectors.joining());
    }

    private static String unescape(String text) {
        return Parser.unescapeEntities(text, false);
    }
}
