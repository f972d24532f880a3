package dev.zoetrope.train;

import com.google.common.hash.Hashing;

import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.ClipFile;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.SkippedFile;
import dev.zoetrope.runtime.training.TrainingClip;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Videos and pictures with a caption each. A clip is a stretch of a video at about the wanted pace,
 * whole frames but for what does not fit into the shape; a video that is too short stands still at
 * its end, as a picture does all the time.
 *
 * <p>Files that cannot be read are left out when it is their turn, and another one takes it.
 */
public final class CaptionedClips implements ClipSource {
    private final Path place;
    private final double fps;
    private final List<ClipFile> files;
    private final Map<Path, SkippedFile> skipped = new ConcurrentSkipListMap<>();

    private CaptionedClips(Path place, double fps, List<ClipFile> files) {
        this.place = place;
        this.fps = fps;
        this.files = List.copyOf(files);
    }

    /**
     * Lists what a place has; nothing is decoded yet.
     *
     * @param place a folder or a list, whose paths are relative to it
     * @param fps frames per second of the clips
     * @throws ProblemException as {@link ClipFile#in}
     */
    public static CaptionedClips open(Path place, double fps) {
        return new CaptionedClips(place, fps, ClipFile.in(place));
    }

    @Override
    public String name() {
        return place.toString();
    }

    @Override
    public Collection<SkippedFile> skipped() {
        return List.copyOf(skipped.values());
    }

    @Override
    public TrainingClip clip(long index, ClipShape shape) {
        // Random's algorithm is fixed by its documentation; hashed, because near seeds start alike.
        Random random = new Random(Hashing.murmur3_128().hashLong(index).asLong());
        int first = random.nextInt(files.size());
        double start = random.nextDouble();
        for (int i = 0; i < files.size(); i++) {
            ClipFile one = files.get((first + i) % files.size());
            Optional<TrainingClip> clip = clip(one, start, shape);
            if (clip.isPresent()) {
                return clip.get();
            }
        }
        throw new Impossible.NothingToLearn(
                        place,
                        skipped.size(),
                        skipped.values().stream().findFirst().map(SkippedFile::problem))
                .asException();
    }

    private Optional<TrainingClip> clip(ClipFile one, double start, ClipShape shape) {
        if (skipped.containsKey(one.file())) {
            return Optional.empty();
        }
        try (FrameReader reader = FrameReader.open(one.file())) {
            return Optional.of(
                    new TrainingClip(shape, frames(reader, start, shape), one.caption()));
        } catch (ProblemException e) {
            skipped.put(one.file(), new SkippedFile(one.file(), e.problem()));
            return Optional.empty();
        }
    }

    private ByteBuffer frames(FrameReader reader, double start, ClipShape shape) {
        ClipInfo info = reader.info();
        int stride = (int) Math.max(1, Math.round(info.fps() / fps));
        long spare = info.frames() - (shape.frames() - 1L) * stride - 1;
        long from = (long) (start * (Math.max(0, spare) + 1));
        Covering covering = new Covering(shape.width(), shape.height());
        covering.scale(reader);
        if (from > 0) {
            reader.seekFrame(from);
        }
        ByteBuffer rgb = ByteBuffer.allocateDirect(shape.bytes());
        Frame frame = reader.read();
        for (int i = 0; i < shape.frames(); i++) {
            if (frame == null) {
                throw new Problem.MediaUnreadable(place, "no frame of it can be decoded")
                        .asException();
            }
            covering.crop(frame, rgb);
            for (int next = 0; next < stride; next++) {
                Frame later = reader.read();
                frame = later == null ? frame : later;
            }
        }
        return rgb.flip();
    }
}
