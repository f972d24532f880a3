package dev.zoetrope.cli;

import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.problem.Problem;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.imageio.ImageIO;

/** Clips as rows of frames, each with words under it, two rows beside each other. */
final class ContactSheet {
    private static final int FRAMES = 8;
    private static final int COLUMNS = 2;
    private static final int GAP = 12;
    private static final int LONGEST_SIDE = 128;
    private static final int WORDS = 22;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Color FAULT = new Color(0xB3261E);

    private final Path file;
    private final List<BufferedImage> rows = new ArrayList<>();

    private ContactSheet(Path file) {
        this.file = file;
    }

    /**
     * An empty sheet.
     *
     * @param file it is to be written to
     * @throws dev.zoetrope.runtime.problem.ProblemException on a machine without any font, as
     *     servers are
     */
    static ContactSheet of(Path file) {
        Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR).createGraphics();
        try {
            g.getFontMetrics(FONT);
        } catch (RuntimeException | LinkageError e) {
            throw new Problem.ImpossibleRequest(
                            "This machine has no font to write on a sheet with.",
                            "Install fontconfig and a font, or leave out --sheet.")
                    .asException(e);
        } finally {
            g.dispose();
        }
        return new ContactSheet(file);
    }

    /**
     * Adds a clip.
     *
     * @param fine whether the words are black rather than red
     */
    void add(List<Frame> clip, String words, boolean fine) {
        Frame first = clip.getFirst();
        int longest = Math.max(first.width(), first.height());
        double scale = Math.min(1, (double) LONGEST_SIDE / longest);
        int width = (int) Math.round(scale * first.width());
        int height = (int) Math.round(scale * first.height());
        BufferedImage row =
                new BufferedImage(FRAMES * width, height + WORDS, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D g = row.createGraphics();
        g.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        for (int i = 0; i < FRAMES; i++) {
            BufferedImage frame = picture(clip.get(i * (clip.size() - 1) / (FRAMES - 1)));
            g.drawImage(frame, i * width, 0, width, height, null);
        }
        g.setColor(Color.WHITE);
        g.fillRect(0, height, row.getWidth(), WORDS);
        g.setColor(fine ? Color.BLACK : FAULT);
        g.setFont(FONT);
        g.drawString(words, 2, height + WORDS - 7);
        g.dispose();
        rows.add(row);
    }

    private static BufferedImage picture(Frame frame) {
        BufferedImage picture =
                new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
        ByteBuffer rgb = frame.rgb();
        for (int y = 0; y < frame.height(); y++) {
            for (int x = 0; x < frame.width(); x++) {
                int r = rgb.get() & 255;
                int g = rgb.get() & 255;
                int b = rgb.get() & 255;
                picture.setRGB(x, y, (r << 16) | (g << 8) | b);
            }
        }
        return picture;
    }

    /** Writes all that was added as a PNG, which is whole or not there. */
    void write() {
        int width = rows.getFirst().getWidth();
        int height = rows.getFirst().getHeight();
        int columns = Math.min(COLUMNS, rows.size());
        int lines = (rows.size() + columns - 1) / columns;
        BufferedImage sheet =
                new BufferedImage(
                        columns * (width + GAP) - GAP,
                        lines * height,
                        BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D g = sheet.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        for (int i = 0; i < rows.size(); i++) {
            g.drawImage(rows.get(i), i % columns * (width + GAP), i / columns * height, null);
        }
        g.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(sheet, "png", png);
            WholeFile.write(file, png.toByteArray());
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }
}
