package dev.zoetrope.runtime.media;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;

/**
 * Small clips made on the spot. Every frame differs from every other and each corner has a colour
 * of its own, so that a lost, doubled, mirrored or turned frame is seen.
 */
public final class TestClips {
    private TestClips() {}

    /** A clip with a slow gradient, four coloured corners and a bar that moves with time. */
    public static List<Frame> frames(int count, int width, int height, double fps) {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(frame(i, count, width, height, Math.round(i * 1e6 / fps)));
        }
        return frames;
    }

    /** Writes {@link #frames} and returns the file. */
    public static Path write(Path file, int count, int width, int height, double fps) {
        return write(file, VideoFormat.of(file), frames(count, width, height, fps), fps, Map.of());
    }

    /** Writes these frames and returns the file. */
    public static Path write(
            Path file,
            VideoFormat format,
            List<Frame> frames,
            double fps,
            Map<String, String> metadata) {
        Frame first = frames.getFirst();
        try (FrameWriter writer =
                FrameWriter.create(file, format, first.width(), first.height(), fps, metadata)) {
            frames.forEach(writer::write);
            writer.finish();
        }
        return file;
    }

    /** Writes a picture of one colour as a PNG and returns the file. */
    public static Path picture(Path file, int width, int height, Color colour) throws IOException {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = picture.createGraphics();
        pen.setColor(colour);
        pen.fillRect(0, 0, width, height);
        pen.dispose();
        ImageIO.write(picture, "png", file.toFile());
        return file;
    }

    /** All frames of a file. */
    public static List<Frame> read(Path file) {
        try (FrameReader reader = FrameReader.open(file)) {
            List<Frame> frames = new ArrayList<>();
            for (Frame frame = reader.read(); frame != null; frame = reader.read()) {
                frames.add(frame);
            }
            return frames;
        }
    }

    private static Frame frame(int index, int count, int width, int height, long micros) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(3 * width * height);
        int bar = index * width / Math.max(1, count);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = 40 + 120 * x / width;
                int green = 40 + 120 * y / height;
                int blue = 60 + 2 * index;
                if (x < width / 4 && y < height / 4) {
                    red = 230;
                    green = 30;
                    blue = 30;
                } else if (x >= width - width / 4 && y < height / 4) {
                    red = 30;
                    green = 200;
                    blue = 30;
                } else if (x < width / 4 && y >= height - height / 4) {
                    red = 30;
                    green = 30;
                    blue = 230;
                } else if (Math.abs(x - bar) < Math.max(1, width / 16)) {
                    red = 250;
                    green = 250;
                    blue = 250;
                }
                rgb.put((byte) red).put((byte) green).put((byte) blue);
            }
        }
        return new Frame(width, height, rgb.flip(), micros);
    }

    /** A picture without an edge in it. */
    static Frame gradient(int width, int height, long micros) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(3 * width * height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                rgb.put((byte) (40 + 120 * x / width));
                rgb.put((byte) (40 + 120 * y / height));
                rgb.put((byte) (60 + micros / 10_000));
            }
        }
        return new Frame(width, height, rgb.flip(), micros);
    }

    /** Peak signal-to-noise ratio of two frames of one size, dB; infinite for equal ones. */
    public static double psnr(Frame a, Frame b) {
        ByteBuffer left = a.rgb();
        ByteBuffer right = b.rgb();
        double squares = 0;
        for (int i = 0; i < left.limit(); i++) {
            double difference = (left.get(i) & 0xff) - (right.get(i) & 0xff);
            squares += difference * difference;
        }
        return 10 * Math.log10(255.0 * 255.0 * left.limit() / squares);
    }
}
