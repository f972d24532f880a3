package dev.zoetrope.train;

import dev.zoetrope.runtime.training.ClipShape;

import java.nio.ByteBuffer;
import java.util.Random;

/** One uninterrupted piece of a clip: which frames of a strip, and how the camera looks at them. */
final class Take {
    private final Strip strip;
    private final int start;
    private final int stride;
    private final Window begin;
    private final Window end;
    private final boolean mirrored;

    private Take(Strip strip, int start, int stride, Window begin, Window end, boolean mirrored) {
        this.strip = strip;
        this.start = start;
        this.stride = stride;
        this.begin = begin;
        this.end = end;
        this.mirrored = mirrored;
    }

    /**
     * A picture, over which the camera pans and zooms at a speed that its length does not change.
     */
    static Take overPicture(Strip picture, int frames, ClipShape shape, Random random) {
        double beats = (frames - 1) / 15.0;
        double largest = largest(picture, shape);
        double before = scale(largest, random);
        double zoom = StrictMath.pow(0.8 + 0.45 * random.nextDouble(), beats);
        double after = Math.clamp(before * zoom, Math.min(1, largest), largest);
        // Fractions of the room around the window, so that it never leaves the picture.
        double x = random.nextDouble();
        double y = random.nextDouble();
        double reach = beats * random.nextDouble() * shape.width() * before;
        double towardsX = drift(x, reach, picture.width() - after * shape.width(), random);
        double towardsY = drift(y, reach, picture.height() - after * shape.height(), random);
        return new Take(
                picture,
                0,
                0,
                window(picture, shape, before, x, y),
                window(picture, shape, after, towardsX, towardsY),
                random.nextBoolean());
    }

    /** Footage from a fixed camera; every second frame one time in three. */
    static Take ofFootage(Strip footage, int frames, ClipShape shape, Random random) {
        int stride = random.nextInt(3) == 0 && footage.frames() >= 2 * frames ? 2 : 1;
        int room = Math.max(1, footage.frames() - (frames - 1) * stride);
        double scale = scale(largest(footage, shape), random);
        Window window = window(footage, shape, scale, random.nextDouble(), random.nextDouble());
        return new Take(
                footage, random.nextInt(room), stride, window, window, random.nextBoolean());
    }

    /** Appends its frames to a clip of that shape. */
    void film(int frames, ClipShape shape, ByteBuffer out) {
        Resampling resampling = new Resampling(strip, shape, mirrored);
        for (int f = 0; f < frames; f++) {
            double t = frames == 1 ? 0 : (double) f / (frames - 1);
            resampling.append(turningBack(start + f * stride), begin.towards(end, t), out);
        }
    }

    /** Footage that is too short runs backwards from its end, and so on. */
    private int turningBack(int frame) {
        if (strip.frames() == 1) {
            return 0;
        }
        int last = strip.frames() - 1;
        int place = frame % (2 * last);
        return place <= last ? place : 2 * last - place;
    }

    /** Source pixels per clip pixel that just fit. */
    private static double largest(Strip strip, ClipShape shape) {
        return Math.min(
                (double) strip.width() / shape.width(), (double) strip.height() / shape.height());
    }

    /** Between pixel for pixel and the whole frame, every doubling as likely as every other. */
    private static double scale(double largest, Random random) {
        return largest <= 1 ? largest : StrictMath.pow(largest, random.nextDouble());
    }

    private static double drift(double from, double reach, double room, Random random) {
        double step = reach * (random.nextDouble() - 0.5);
        return room <= 0 ? from : Math.clamp(from + step / room, 0.0, 1.0);
    }

    private static Window window(Strip strip, ClipShape shape, double scale, double x, double y) {
        double width = scale * shape.width();
        double height = scale * shape.height();
        return new Window(
                x * (strip.width() - width), y * (strip.height() - height), width, height);
    }
}
