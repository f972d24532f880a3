package dev.zoetrope.app.files;

import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a finished video once more, somewhere else or in another format. */
public final class ClipExport {
    private static final double MICROS_PER_SECOND = 1e6;

    private ClipExport() {}

    /**
     * Writes {@code target} in the format that its extension names: a copy where that is the
     * video's own, else encoded anew with its sound. The file appears whole or not at all, and
     * replaces one of its name.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when the video cannot be read, the
     *     format is none, or the place cannot be written to
     */
    public static void write(Path video, Path target) {
        VideoFormat format = VideoFormat.of(target);
        if (format == VideoFormat.of(video)) {
            copy(video, target);
        } else {
            encode(video, target, format);
        }
    }

    private static void copy(Path video, Path target) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            try {
                Files.copy(video, part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new Problem.FileInaccessible(target, reason(target, e)).asException(e);
        }
    }

    private static String reason(Path target, IOException e) {
        Path folder = target.toAbsolutePath().getParent();
        return folder != null && Files.isDirectory(folder)
                ? String.valueOf(e.getMessage())
                : "there is no folder " + folder;
    }

    private static void encode(Path video, Path target, VideoFormat format) {
        try (var reader = FrameReader.open(video)) {
            ClipInfo clip = reader.info();
            try (var writer =
                    FrameWriter.create(
                            target,
                            format,
                            clip.width(),
                            clip.height(),
                            clip.fps(),
                            clip.metadata())) {
                if (clip.audio()) {
                    var _ = writer.keepAudioOf(video, 0, clip.durationMicros() / MICROS_PER_SECOND);
                }
                for (Frame frame = reader.read(); frame != null; frame = reader.read()) {
                    writer.write(frame);
                }
                writer.finish();
            }
        }
    }
}
