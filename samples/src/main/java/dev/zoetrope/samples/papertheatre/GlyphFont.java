package dev.zoetrope.samples.papertheatre;

import com.google.common.primitives.Floats;

import org.kordamp.ikonli.IkonHandler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Reads outlines straight from the Material Design Icons TrueType file. The platform's own fonts
 * need native libraries that servers lack, and round outlines differently from system to system.
 */
final class GlyphFont {
    /** How far a straight piece may be from the curve it stands for, of a glyph's longer side. */
    private static final double TOLERANCE = 1.0 / 2000;

    private static final int ON_CURVE = 1;
    private static final int X_IS_BYTE = 2;
    private static final int Y_IS_BYTE = 4;
    private static final int REPEATED = 8;
    private static final int X_SAME_OR_POSITIVE = 16;
    private static final int Y_SAME_OR_POSITIVE = 32;

    private final ByteBuffer file;
    private final int characterGroups;
    private final int glyphOffsets;
    private final int glyphs;
    private final boolean wideOffsets;

    private GlyphFont(ByteBuffer file) {
        this.file = file;
        characterGroups = characterGroups(table("cmap"));
        glyphOffsets = table("loca");
        glyphs = table("glyf");
        wideOffsets = file.getShort(table("head") + 50) == 1;
    }

    static GlyphFont materialDesign() {
        IkonHandler icons =
                ServiceLoader.load(IkonHandler.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(handler -> handler.supports("mdi2f-fish"))
                        .findAny()
                        .orElseThrow(() -> new IllegalStateException("no Material Design Icons"));
        try (InputStream in = icons.getFontResourceAsStream()) {
            return new GlyphFont(ByteBuffer.wrap(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("the icon font inside the program", e);
        }
    }

    /**
     * The closed polygons of a glyph, each x0, y0, x1, y1, …, y down, moved and scaled so that the
     * glyph's box is centred on the origin and its longer side is 1.
     */
    List<float[]> outline(int codePoint) {
        int glyph = glyph(codePoint);
        int at = glyphs + offset(glyph);
        int contours = file.getShort(at);
        if (contours < 1 || offset(glyph + 1) == offset(glyph)) {
            throw new IllegalArgumentException(
                    "code point %x has no outline of its own".formatted(codePoint));
        }
        float left = file.getShort(at + 2);
        float bottom = file.getShort(at + 4);
        float right = file.getShort(at + 6);
        float top = file.getShort(at + 8);
        float side = Math.max(right - left, top - bottom);

        int points = unsigned16(at + 10 + 2 * (contours - 1)) + 1;
        int instructions = unsigned16(at + 10 + 2 * contours);
        int cursor = at + 12 + 2 * contours + instructions;
        int[] flags = new int[points];
        for (int i = 0; i < points; ) {
            int flag = unsigned8(cursor++);
            int times = (flag & REPEATED) == 0 ? 1 : 1 + unsigned8(cursor++);
            for (int k = 0; k < times; k++) {
                flags[i++] = flag;
            }
        }
        float[] x = new float[points];
        cursor = coordinates(cursor, flags, X_IS_BYTE, X_SAME_OR_POSITIVE, x);
        float[] y = new float[points];
        coordinates(cursor, flags, Y_IS_BYTE, Y_SAME_OR_POSITIVE, y);
        for (int i = 0; i < points; i++) {
            x[i] = (x[i] - (left + right) / 2) / side;
            y[i] = ((top + bottom) / 2 - y[i]) / side;
        }

        List<float[]> polygons = new ArrayList<>(contours);
        for (int c = 0, first = 0; c < contours; c++) {
            int last = unsigned16(at + 10 + 2 * c);
            polygons.add(flatten(flags, x, y, first, last));
            first = last + 1;
        }
        return polygons;
    }

    /** One contour: between two off-curve points lies an implied on-curve one. */
    private static float[] flatten(int[] flags, float[] x, float[] y, int first, int last) {
        int n = last - first + 1;
        List<Float> line = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int previous = first + (i + n - 1) % n;
            int here = first + i;
            int next = first + (i + 1) % n;
            if ((flags[here] & ON_CURVE) != 0) {
                line.add(x[here]);
                line.add(y[here]);
                continue;
            }
            boolean fromCurve = (flags[previous] & ON_CURVE) == 0;
            float x0 = fromCurve ? (x[previous] + x[here]) / 2 : x[previous];
            float y0 = fromCurve ? (y[previous] + y[here]) / 2 : y[previous];
            boolean toCurve = (flags[next] & ON_CURVE) == 0;
            float x1 = toCurve ? (x[next] + x[here]) / 2 : x[next];
            float y1 = toCurve ? (y[next] + y[here]) / 2 : y[next];
            float bendX = x0 - 2 * x[here] + x1;
            float bendY = y0 - 2 * y[here] + y1;
            double bend = Math.sqrt(bendX * bendX + bendY * bendY);
            int pieces = (int) Math.ceil(Math.sqrt(bend / (4 * TOLERANCE)));
            // An on-curve end is added by its own turn in this loop.
            for (int k = fromCurve ? 0 : 1; k < pieces; k++) {
                float t = (float) k / pieces;
                float s = 1 - t;
                line.add(s * s * x0 + 2 * s * t * x[here] + t * t * x1);
                line.add(s * s * y0 + 2 * s * t * y[here] + t * t * y1);
            }
        }
        return Floats.toArray(line);
    }

    private int coordinates(int cursor, int[] flags, int isByte, int sameOrPositive, float[] out) {
        int value = 0;
        for (int i = 0; i < flags.length; i++) {
            boolean set = (flags[i] & sameOrPositive) != 0;
            if ((flags[i] & isByte) != 0) {
                int step = unsigned8(cursor++);
                value += set ? step : -step;
            } else if (!set) {
                value += file.getShort(cursor);
                cursor += 2;
            }
            out[i] = value;
        }
        return cursor;
    }

    private int glyph(int codePoint) {
        int groups = file.getInt(characterGroups + 12);
        for (int g = 0; g < groups; g++) {
            int at = characterGroups + 16 + 12 * g;
            int first = file.getInt(at);
            if (codePoint >= first && codePoint <= file.getInt(at + 4)) {
                return file.getInt(at + 8) + codePoint - first;
            }
        }
        throw new IllegalArgumentException("the font has no code point %x".formatted(codePoint));
    }

    private int offset(int glyph) {
        return wideOffsets
                ? file.getInt(glyphOffsets + 4 * glyph)
                : 2 * unsigned16(glyphOffsets + 2 * glyph);
    }

    /** Where the character map in format 12, which alone reaches the icons' plane, starts. */
    private int characterGroups(int cmap) {
        int maps = unsigned16(cmap + 2);
        for (int i = 0; i < maps; i++) {
            int at = cmap + file.getInt(cmap + 8 + 8 * i);
            if (unsigned16(at) == 12) {
                return at;
            }
        }
        throw new IllegalArgumentException("the font has no character map in format 12");
    }

    private int table(String tag) {
        int tables = unsigned16(4);
        byte[] name = new byte[4];
        for (int i = 0; i < tables; i++) {
            file.get(12 + 16 * i, name);
            if (new String(name, StandardCharsets.ISO_8859_1).equals(tag)) {
                return file.getInt(12 + 16 * i + 8);
            }
        }
        throw new IllegalArgumentException("the font has no table " + tag);
    }

    private int unsigned8(int at) {
        return Byte.toUnsignedInt(file.get(at));
    }

    private int unsigned16(int at) {
        return Short.toUnsignedInt(file.getShort(at));
    }
}
