package dev.zoetrope.runtime.media;

import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.ProblemException;

import java.nio.file.Path;
import java.util.Locale;

/** What a clip can be written as. */
public enum VideoFormat {
    /**
     * H.264 in MP4, which plays everywhere. Its sizes are even and at least 16 x 16: smaller and
     * odd ones are filled up by repeating the last row and column.
     */
    MP4,
    /** VP9 in WebM: plays in browsers, any size. */
    WEBM_VP9,
    /** AV1 in WebM: smallest files, slowest to write. */
    WEBM_AV1,
    /** Animated WebP: loops, no sound. */
    WEBP,
    /** GIF: loops, 256 colours per frame, at most 50 frames per second, no sound. */
    GIF,
    /** A folder of numbered PNG pictures: lossless, no sound, no times. */
    PNG_FRAMES;

    /** How a clip of this format is coded, and how much that may lose, in words. */
    public String coding() {
        String name = this == PNG_FRAMES ? "PNG" : name().replaceAll("_.*", "");
        return "%s (%s)".formatted(name, Encoding.of(this).words());
    }

    /** Whether frames that were written come back as they were. */
    public boolean isLossless() {
        return this == PNG_FRAMES;
    }

    /**
     * The format that a file name asks for: {@code .mp4}, {@code .webm} (VP9), {@code .webp},
     * {@code .gif}, or a folder of PNG frames for a name without an extension.
     *
     * @throws ProblemException {@link Impossible.FormatUnknown} for any other extension
     */
    public static VideoFormat of(Path output) {
        String name = String.valueOf(output.getFileName());
        int dot = name.lastIndexOf('.');
        String extension = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
        return switch (extension) {
            case "mp4", "m4v" -> MP4;
            case "webm" -> WEBM_VP9;
            case "webp" -> WEBP;
            case "gif" -> GIF;
            case "" -> PNG_FRAMES;
            default -> throw new Impossible.FormatUnknown(extension).asException();
        };
    }
}
