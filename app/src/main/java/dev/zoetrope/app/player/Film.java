package dev.zoetrope.app.player;

import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.FrameSize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A short clip that is in memory as a whole, ready for the screen. Around each picture its
 * outermost pixels are there once more, so that it can be enlarged smoothly to its edges.
 *
 * @param width columns of the kept pictures without their border, pixels
 * @param height rows of the kept pictures without their border, pixels
 * @param size of the clip's own frames
 * @param fps pictures per second, above 0
 * @param pictures BGRA with a border of one pixel, at least one, never changed
 */
public record Film(int width, int height, FrameSize size, double fps, List<ByteBuffer> pictures) {
    /** Clips that need more are kept smaller. */
    private static final double MOST_BYTES = 256 << 20;

    public Film {
        pictures = List.copyOf(pictures);
    }

    /** Frames of one size, at least one. */
    public static Film of(List<Frame> frames, double fps) {
        Frame first = frames.getFirst();
        return new Film(
                first.width(),
                first.height(),
                new FrameSize(first.height(), first.width()),
                fps,
                frames.stream().map(Film::picture).toList());
    }

    /**
     * Reads a clip to its end.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when it cannot be read
     */
    public static Film read(Path clip) {
        try (FrameReader reader = FrameReader.open(clip)) {
            var info = reader.info();
            double bytes = 4.0 * info.width() * info.height() * info.frames();
            double scale = Math.min(1, Math.sqrt(MOST_BYTES / bytes));
            FrameSize size = info.size().times(scale);
            reader.scaledTo(size.width(), size.height());
            List<ByteBuffer> pictures = new ArrayList<>();
            for (Frame frame = reader.read(); frame != null; frame = reader.read()) {
                pictures.add(picture(frame));
            }
            return new Film(size.width(), size.height(), info.size(), info.fps(), pictures);
        }
    }

    /** How long it runs. */
    public double seconds() {
        return pictures.size() / fps;
    }

    /** The picture on the screen after some time; the first and the last go beyond both ends. */
    int at(double seconds) {
        return (int) Math.clamp(Math.floor(seconds * fps), 0, pictures.size() - 1);
    }

    private static ByteBuffer picture(Frame frame) {
        ByteBuffer rgb = frame.rgb();
        ByteBuffer bgra =
                ByteBuffer.allocate(4 * (frame.width() + 2) * (frame.height() + 2))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int y = -1; y <= frame.height(); y++) {
            int row = Math.clamp(y, 0, frame.height() - 1) * frame.width();
            for (int x = -1; x <= frame.width(); x++) {
                int from = 3 * (row + Math.clamp(x, 0, frame.width() - 1));
                int red = rgb.get(from) & 0xff;
                int green = rgb.get(from + 1) & 0xff;
                int blue = rgb.get(from + 2) & 0xff;
                bgra.putInt(0xff000000 | (red << 16) | (green << 8) | blue);
            }
        }
        return bgra.flip();
    }
}
