package dev.zoetrope.prompt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * Compiled rules of normalisation, as sentencepiece and {@code tokenizer.json} carry them: a search
 * tree over bytes as a double array, and after it the texts that its leaves point to, a zero byte
 * after each.
 *
 * <p>The library under {@link PromptTokenizer} follows the tree as it is and ends the process where
 * that leads out of it, so it is looked through before.
 */
final class CharsMap {
    private final int[] units;
    private final ByteBuffer texts;

    private CharsMap(int[] units, ByteBuffer texts) {
        this.units = units;
        this.texts = texts;
    }

    /** Whether every search in the rules ends at a text of theirs, or at none. */
    static boolean isWhole(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < Integer.BYTES) {
            return false;
        }
        int size = in.getInt();
        if (size <= 0 || size % Integer.BYTES != 0 || size > in.remaining()) {
            return false;
        }
        int[] units = new int[size / Integer.BYTES];
        for (int i = 0; i < units.length; i++) {
            units[i] = in.getInt();
        }
        CharsMap map = new CharsMap(units, in.slice());
        return map.textsAreUtf8() && map.treeIsClosed();
    }

    private boolean textsAreUtf8() {
        try {
            CharBuffer _ = StandardCharsets.UTF_8.newDecoder().decode(texts.duplicate());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private boolean treeIsClosed() {
        BitSet seen = new BitSet();
        Deque<Integer> open = new ArrayDeque<>();
        open.add(offset(units[0]));
        while (!open.isEmpty()) {
            int node = open.remove();
            // A step from here goes by any byte, to this place with its last eight bits changed.
            if ((node | 0xff) >= units.length) {
                return false;
            }
            if (seen.get(node)) {
                continue;
            }
            seen.set(node);
            for (int label = 1; label <= 0xff; label++) {
                int unit = units[node ^ label];
                if ((unit & 0x8000_00ff) != label) {
                    continue;
                }
                int next = node ^ label ^ offset(unit);
                boolean leaf = (unit & 0x100) != 0;
                if (leaf && (next >= units.length || !beginsText(units[next] & 0x7fff_ffff))) {
                    return false;
                }
                open.add(next);
            }
        }
        return true;
    }

    /** How far a unit's children are, in the array's own packing of 22 bits. */
    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & 0x200) >> 6);
    }

    private boolean beginsText(int place) {
        return place <= texts.limit()
                && (place == texts.limit() || (texts.get(place) & 0xc0) != 0x80);
    }
}
