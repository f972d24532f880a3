package dev.zoetrope.prompt;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Undoes what encodings and typesetting do to text: what of {@code ftfy.fix_text} can still be met
 * where the cleaning calls it. The text is in lower case by then and without ampersands, so there
 * are no entities, and of UTF-8 that was read as another encoding only general punctuation and what
 * holds control characters survives.
 */
final class TextRepair {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final Pattern MISREAD = Pattern.compile("â€|[\\x80-\\x9f]");
    private static final Pattern BEYOND_ASCII = Pattern.compile("[^\\x00-\\x7f]+");
    private static final Pattern C1 = Pattern.compile("[\\x80-\\x9f]");
    private static final Pattern LIGATURE = Pattern.compile("[ĳŉǆǉǌǳﬀ-ﬆ]");
    private static final Pattern OTHER_WIDTH = Pattern.compile("[\\u3000\\uff01-\\uffef]");
    private static final Pattern SINGLE_QUOTE = Pattern.compile("[\\u02bc\\u2018-\\u201b]");
    private static final Pattern DOUBLE_QUOTE = Pattern.compile("[\\u201c-\\u201f]");
    private static final Pattern LINE_BREAK = Pattern.compile("\\r\\n|[\\r\\u0085\\u2028\\u2029]");
    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");
    private static final Pattern CONTROL =
            Pattern.compile(
                    "[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f\\u206a-\\u206f\\ufeff\\ufff9-\\ufffc"
                            + "\\x{1d173}-\\x{1d17a}\\x{e0000}-\\x{e007f}]");

    private TextRepair() {}

    static String repair(String text) {
        String repaired = text;
        String read;
        do { // some text has been misread twice
            read = repaired;
            repaired = replace(BEYOND_ASCII, read, TextRepair::asMeant);
        } while (!repaired.equals(read));
        repaired = replace(C1, repaired, TextRepair::asWindows);
        repaired = replace(LIGATURE, repaired, TextRepair::compatible);
        repaired = replace(OTHER_WIDTH, repaired, TextRepair::compatible);
        repaired = SINGLE_QUOTE.matcher(repaired).replaceAll("'");
        repaired = DOUBLE_QUOTE.matcher(repaired).replaceAll("\"");
        repaired = LINE_BREAK.matcher(repaired).replaceAll("\n");
        repaired = LONE_SURROGATE.matcher(repaired).replaceAll("\ufffd");
        repaired = CONTROL.matcher(repaired).replaceAll("");
        return Normalizer.normalize(repaired, Normalizer.Form.NFC);
    }

    private static String replace(Pattern pattern, String text, UnaryOperator<String> change) {
        return pattern.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(change.apply(found.group())));
    }

    /** The characters that were meant, if these are UTF-8 read as Windows-1252 or Latin-1. */
    private static String asMeant(String characters) {
        if (!MISREAD.matcher(characters).find()) {
            return characters;
        }
        ByteBuffer bytes = ByteBuffer.allocate(characters.length());
        for (int i = 0; i < characters.length(); i++) {
            char c = characters.charAt(i);
            byte windows = String.valueOf(c).getBytes(WINDOWS_1252)[0];
            if (c > 0xff && windows == '?') {
                return characters;
            }
            bytes.put(c > 0xff ? windows : (byte) c);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return characters;
        }
    }

    /** Five of the control characters are none in Windows-1252 either. */
    private static String asWindows(String control) {
        byte[] one = {(byte) control.charAt(0)};
        String character = new String(one, WINDOWS_1252);
        return character.equals("\ufffd") ? control : character;
    }

    private static String compatible(String character) {
        return Normalizer.normalize(character, Normalizer.Form.NFKC);
    }
}
