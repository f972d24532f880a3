package dev.zoetrope.app.files;

import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameRange;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.Sidecar;
import dev.zoetrope.runtime.media.UntaggedCopy;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.recipe.Recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/** Writes a finished video once more, or a part of it, somewhere else or in another format. */
public final class ClipExport {
    private static final double MICROS_PER_SECOND = 1e6;

    private ClipExport() {}

    /**
     * Writes all of a video.
     *
     * @see #write(Path, Optional, Path, boolean, DoubleConsumer, Cancellation)
     */
    public static void write(Path video, Path target, boolean metadata) {
        write(video, Optional.empty(), target, metadata, _ -> {}, new Cancellation());
    }

    /**
     * Writes {@code target} in the format that its extension names: a copy where that is the
     * video's own and all of it is wanted, else encoded anew with its sound, which it then says of
     * itself. The file appears whole or not at all, and replaces one of its name.
     *
     * @param part the frames to write; all of them when empty
     * @param metadata whether it says what the video says of itself, rather than nothing
     * @param progress is told how much is written, 0 to 1
     * @param cancellation is asked after each frame
     * @throws dev.zoetrope.runtime.problem.ProblemException when the video cannot be read, the
     *     format is none, or the place cannot be written to
     * @throws dev.zoetrope.runtime.job.CancelledException when it was cancelled
     */
    public static void write(
            Path video,
            Optional<FrameRange> part,
            Path target,
            boolean metadata,
            DoubleConsumer progress,
            Cancellation cancellation) {
        VideoFormat format = VideoFormat.of(target);
        boolean asItIs =
                part.isEmpty() && Files.isRegularFile(video) && format == VideoFormat.of(video);
        if (target.toAbsolutePath().normalize().equals(video.toAbsolutePath().normalize())) {
            part.ifPresent(_ -> refuse(video));
        } else if (asItIs && (metadata || Recipe.of(video).isEmpty())) {
            copy(video, target, metadata);
        } else if (asItIs && UntaggedCopy.isPossible(format)) {
            UntaggedCopy.write(video, target);
        } else {
            encode(video, part, target, metadata, progress, cancellation);
        }
    }

    /** What an export may be called, beside its video. */
    public static Path suggestion(Path video, Optional<FrameRange> part) {
        String name = String.valueOf(video.getFileName());
        int dot = Files.isDirectory(video) ? -1 : name.lastIndexOf('.');
        int end = dot < 0 ? name.length() : dot;
        return part.map(frames ->
                        "%s %d-%d%s"
                                .formatted(
                                        name.substring(0, end),
                                        frames.first() + 1,
                                        frames.last() + 1,
                                        name.substring(end)))
                .map(video::resolveSibling)
                .orElse(video);
    }

    private static void refuse(Path video) {
        throw new Impossible.ExportOverItself(video).asException();
    }

    private static void copy(Path video, Path target, boolean metadata) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            try {
                Files.copy(video, part, StandardCopyOption.REPLACE_EXISTING);
                if (VideoFormat.of(target) == VideoFormat.WEBP) {
                    Sidecar.copy(video, target, metadata);
                }
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

    private static void encode(
            Path video,
            Optional<FrameRange> part,
            Path target,
            boolean metadata,
            DoubleConsumer progress,
            Cancellation cancellation) {
        try (var reader = FrameReader.open(video)) {
            ClipInfo clip = reader.info();
            try (var writer =
                    FrameWriter.create(
                            target,
                            VideoFormat.of(target),
                            clip.width(),
                            clip.height(),
                            clip.fps(),
                            metadata ? tags(video, clip, part) : Map.of())) {
                part.ifPresent(frames -> reader.seekFrame(frames.first()));
                long wanted =
                        part.<Long>map(frames -> (long) frames.frames()).orElse(Long.MAX_VALUE);
                double expected = Math.max(1, Math.min(wanted, clip.frames()));
                Frame frame = reader.read();
                if (clip.audio() && frame != null) {
                    double seconds =
                            part.map(frames -> frames.frames() / clip.fps())
                                    .orElse(clip.durationMicros() / MICROS_PER_SECOND);
                    var _ =
                            writer.keepAudioOf(
                                    video, frame.timeMicros() / MICROS_PER_SECOND, seconds);
                }
                for (long written = 0; frame != null && written < wanted; frame = reader.read()) {
                    cancellation.check();
                    writer.write(frame);
                    written++;
                    progress.accept(Math.min(1, written / expected));
                }
                writer.finish();
            }
        }
    }

    /** What the video says of itself, and that it was encoded again, or is a part. */
    private static Map<String, String> tags(Path video, ClipInfo clip, Optional<FrameRange> part) {
        Map<String, String> tags = new HashMap<>(clip.metadata());
        clip.tag(Recipe.TAG)
                .flatMap(text -> Recipe.read(text, video))
                .ifPresent(recipe -> {
                    VideoFormat coded = coded(video, clip);
                    Recipe again = coded.isLossless() ? recipe : recipe.reencoded(coded.coding());
                    tags.keySet().removeIf(Recipe.TAG::equalsIgnoreCase);
                    tags.put(Recipe.TAG, part.<Recipe>map(again::excerpt).orElse(again).json());
                });
        return tags;
    }

    /** The format of a clip that was made here; the name alone tells not which WebM it is. */
    private static VideoFormat coded(Path video, ClipInfo clip) {
        return clip.codec().equals("av1") ? VideoFormat.WEBM_AV1 : VideoFormat.of(video);
    }
}
