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

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Clips from a folder of videos and pictures and the folders in it, or from a list of them. A video
 * gives consecutive frames, sometimes every second one; a picture gives a pan and zoom; now and
 * then there is a cut to another place or file. Crops are random in place and scale and fill the
 * shape.
 *
 * <p>Everything is decoded once, at the start, and kept in memory at a moderate size. When that
 * would be more than the budget, every file gives way down to the same share, and a video that has
 * to is kept as runs of frames spread evenly over its length.
 *
 * <p>Files that cannot be read are left out and listed in {@link #skipped}; hidden files and those
 * that hold captions and lists are passed over silently.
 */
public final class DirectoryClips implements ClipSource {
    /** Memory for decoded frames unless told otherwise, bytes. */
    public static final long DEFAULT_BUDGET = 3L << 29;

    /** The shorter side that is kept, pixels. */
    private static final int PICTURE_SIDE = 432;

    private static final int VIDEO_SIDE = 288;

    /** Frames of one run of a video that is not kept whole. */
    private static final int RUN = 96;

    /** One clip in so many has a cut. */
    private static final int CLIPS_PER_CUT = 6;

    /** A video shows more than a picture does, and has its turn so many times as often. */
    private static final int PICTURES_PER_VIDEO = 4;

    private final Path place;
    private final List<Strip> pictures;

    /** Runs of each video. */
    private final List<List<Strip>> videos;

    private final List<SkippedFile> skipped;

    /**
     * A file that can be read.
     *
     * @param frames as many as it says it has, at least 1
     * @param width columns to keep
     * @param height rows to keep
     */
    private record Found(Path file, int frames, int width, int height) {
        long bytes() {
            return Strip.bytes(width, height, frames);
        }
    }

    private DirectoryClips(
            Path place, List<Strip> pictures, List<List<Strip>> videos, List<SkippedFile> skipped) {
        this.place = place;
        this.pictures = List.copyOf(pictures);
        this.videos = List.copyOf(videos);
        this.skipped = List.copyOf(skipped);
    }

    /** Decodes a folder or a list within {@link #DEFAULT_BUDGET}. */
    public static DirectoryClips open(Path place) {
        return open(place, DEFAULT_BUDGET);
    }

    /**
     * Decodes a folder or a list.
     *
     * @param budget bytes of memory for decoded frames; each file keeps one frame at least
     * @throws ProblemException as {@link ClipFile#in}, and {@link Impossible.NothingToLearn} when
     *     no file in it can be used
     */
    public static DirectoryClips open(Path place, long budget) {
        List<SkippedFile> skipped = new ArrayList<>();
        List<Found> found = new ArrayList<>();
        for (ClipFile clip : ClipFile.in(place)) {
            try {
                found.add(measured(clip.file(), clip.info()));
            } catch (ProblemException e) {
                skipped.add(new SkippedFile(clip.file(), e.problem()));
            }
        }
        long share = share(budget, found.stream().map(Found::bytes).toList());
        List<Strip> pictures = new ArrayList<>();
        List<List<Strip>> videos = new ArrayList<>();
        for (Found each : found) {
            try {
                List<Strip> runs = decode(each, share);
                if (runs.size() == 1 && runs.getFirst().frames() == 1) {
                    pictures.add(runs.getFirst());
                } else {
                    videos.add(runs);
                }
            } catch (ProblemException e) {
                skipped.add(new SkippedFile(each.file(), e.problem()));
            }
        }
        if (pictures.isEmpty() && videos.isEmpty()) {
            throw nothingIn(place, skipped).asException();
        }
        return new DirectoryClips(place, pictures, videos, skipped);
    }

    @Override
    public String name() {
        return place.toString();
    }

    @Override
    public List<SkippedFile> skipped() {
        return skipped;
    }

    /** How many pictures clips are made of. */
    public int pictures() {
        return pictures.size();
    }

    /** How many videos clips are made of. */
    public int videos() {
        return videos.size();
    }

    @Override
    public TrainingClip clip(long index, ClipShape shape) {
        // Random's algorithm is fixed by its documentation; hashed, because near seeds start alike.
        Random random = new Random(Hashing.murmur3_128().hashLong(index).asLong());
        ByteBuffer rgb = ByteBuffer.allocateDirect(shape.bytes());
        int frames = shape.frames();
        boolean cut = frames > 1 && random.nextInt(CLIPS_PER_CUT) == 0;
        int before = cut ? 1 + random.nextInt(frames - 1) : frames;
        take(before, shape, random).film(before, shape, rgb);
        if (cut) {
            take(frames - before, shape, random).film(frames - before, shape, rgb);
        }
        return new TrainingClip(shape, rgb.flip(), "");
    }

    private Take take(int frames, ClipShape shape, Random random) {
        int turns = PICTURES_PER_VIDEO * videos.size();
        boolean moving = random.nextInt(turns + pictures.size()) < turns;
        if (moving) {
            return Take.ofFootage(pick(pick(videos, random), random), frames, shape, random);
        }
        return Take.overPicture(pick(pictures, random), frames, shape, random);
    }

    private static <T> T pick(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static Found measured(Path file, ClipInfo info) {
        int frames = (int) Math.clamp(info.frames(), 1L, Integer.MAX_VALUE);
        int side = frames == 1 ? PICTURE_SIDE : VIDEO_SIDE;
        double scale = Math.min(1, (double) side / Math.min(info.width(), info.height()));
        return new Found(
                file,
                frames,
                (int) Math.max(1, Math.round(info.width() * scale)),
                (int) Math.max(1, Math.round(info.height() * scale)));
    }

    /** The most bytes a file may take so that all together stay within the budget. */
    private static long share(long budget, List<Long> wanted) {
        long left = budget;
        int files = wanted.size();
        for (long bytes : wanted.stream().sorted().toList()) {
            long equal = left / files;
            if (bytes > equal) {
                return equal;
            }
            left -= bytes;
            files--;
        }
        return Long.MAX_VALUE;
    }

    private static List<Strip> decode(Found found, long share) {
        int frames = found.frames();
        int kept =
                (int) Math.clamp(share / Strip.bytes(found.width(), found.height(), 1), 1L, frames);
        int runs = kept == frames ? 1 : Math.max(1, kept / RUN);
        int length = kept == frames ? frames : Math.min(kept, RUN);
        List<Strip> strips = new ArrayList<>();
        try (FrameReader reader = FrameReader.open(found.file())) {
            reader.scaledTo(found.width(), found.height());
            for (int run = 0; run < runs; run++) {
                if (run > 0) {
                    reader.seekFrame((long) run * (frames - length) / (runs - 1));
                }
                Strip strip = read(reader, found, length);
                if (strip != null) {
                    strips.add(strip);
                }
            }
        }
        if (strips.isEmpty()) {
            throw new Problem.MediaUnreadable(found.file(), "no frame of it can be decoded")
                    .asException();
        }
        return List.copyOf(strips);
    }

    private static @Nullable Strip read(FrameReader reader, Found found, int length) {
        Strip.Unfinished strip = new Strip.Unfinished(found.width(), found.height(), length);
        for (int i = 0; i < length; i++) {
            Frame frame = reader.read();
            if (frame == null) {
                break;
            }
            strip.add(frame.rgb());
        }
        return strip.isEmpty() ? null : strip.finish();
    }

    private static Problem nothingIn(Path place, List<SkippedFile> skipped) {
        return new Impossible.NothingToLearn(
                place, skipped.size(), skipped.stream().findFirst().map(SkippedFile::problem));
    }
}
