package dev.zoetrope.runtime.media;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A clip as {@link PngFolder} writes it. Nothing in it tells its times: it has 25 frames a second.
 */
final class PngFrames implements FrameSource {
    private static final int FPS = 25;
    private static final long FRAME_MICROS = 1_000_000 / FPS;

    private final Path folder;
    private final ClipInfo info;

    /** Frames that were read or passed over. */
    private int passed;

    private long skipped;

    private PngFrames(Path folder, ClipInfo info) {
        this.folder = folder;
        this.info = info;
    }

    /** Whether a place is a folder with a first frame in it. */
    static boolean recognises(Path place) {
        return Files.isRegularFile(PngFolder.picture(place, 1));
    }

    static PngFrames open(Path folder) {
        int frames = 1;
        while (Files.isRegularFile(PngFolder.picture(folder, frames + 1))) {
            frames++;
        }
        try (FfmpegClip first = FfmpegClip.open(PngFolder.picture(folder, 1))) {
            ClipInfo one = first.info();
            return new PngFrames(
                    folder,
                    new ClipInfo(
                            one.width(),
                            one.height(),
                            FPS,
                            frames,
                            frames * FRAME_MICROS,
                            one.codec(),
                            false,
                            one.metadata()));
        }
    }

    @Override
    public ClipInfo info() {
        return info;
    }

    @Override
    public @Nullable Frame read(int width, int height) {
        while (passed < info.frames()) {
            long micros = passed * FRAME_MICROS;
            passed++;
            try (FfmpegClip picture = FfmpegClip.open(PngFolder.picture(folder, passed))) {
                Frame frame = picture.read(width, height);
                if (frame != null) {
                    return new Frame(width, height, frame.rgb(), micros);
                }
            } catch (ProblemException e) {
                if (!(e.problem() instanceof Problem.MediaUnreadable)) {
                    throw e;
                }
            }
            skipped++;
        }
        return null;
    }

    @Override
    public void seekFrame(long index) {
        passed = (int) Math.min(index, info.frames());
    }

    @Override
    public void seekMicros(long micros) {
        seekFrame(Math.min(micros / FRAME_MICROS, info.frames() - 1));
    }

    @Override
    public long skippedFrames() {
        return skipped;
    }

    @Override
    public void close() {}
}
