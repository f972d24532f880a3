package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.TestClips;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.TrainingClip;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.LongStream;

class DirectoryClipsTest {
    private static final ClipShape SHAPE = new ClipShape(16, 24, 32);

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"1, 8, 8", "16, 24, 32", "5, 120, 31", "9, 7, 200"})
    void fillsAnyShape(int frames, int height, int width) {
        numbered("video.mp4", 30);
        halves("pictures", 2);
        DirectoryClips clips = DirectoryClips.open(folder);
        assertEquals(1, clips.videos());
        assertEquals(2, clips.pictures());
        ClipShape shape = new ClipShape(frames, height, width);
        for (long index = 0; index < 20; index++) {
            TrainingClip clip = clips.clip(index, shape);
            assertEquals(shape.bytes(), clip.rgb().remaining());
            assertEquals("", clip.caption());
        }
    }

    @Test
    void givesTheSameClipForAnIndexHoweverItIsAskedFor() {
        numbered("a/video.mp4", 30);
        halves("b", 2);
        DirectoryClips clips = DirectoryClips.open(folder);
        DirectoryClips again = DirectoryClips.open(folder);
        List<ByteBuffer> inTurn =
                LongStream.range(0, 40).mapToObj(i -> clips.clip(i, SHAPE).rgb()).toList();
        List<ByteBuffer> byThreads =
                LongStream.range(0, 40)
                        .parallel()
                        .mapToObj(i -> again.clip(i, SHAPE).rgb())
                        .toList();
        assertEquals(inTurn, byThreads);
        assertTrue(inTurn.stream().distinct().count() > 15);
    }

    @Test
    void aVideoGivesConsecutiveOrEverySecondFrameAndNowAndThenACut() {
        numbered("video.mp4", 200);
        DirectoryClips clips = DirectoryClips.open(folder);
        int cuts = 0;
        int everySecond = 0;
        for (long index = 0; index < 240; index++) {
            TrainingClip clip = clips.clip(index, SHAPE);
            int jumps = 0;
            int stride = number(clip, 15) - number(clip, 14);
            int first = number(clip, 1) - number(clip, 0);
            for (int f = 1; f < 16; f++) {
                int step = number(clip, f) - number(clip, f - 1);
                jumps += step != first && step != stride ? 1 : 0;
            }
            assertTrue(jumps <= 1, "clip " + index + " jumps " + jumps + " times");
            cuts += jumps;
            everySecond += jumps == 0 && stride == 2 ? 1 : 0;
        }
        assertTrue(cuts > 15 && cuts < 70, cuts + " cuts");
        assertTrue(everySecond > 40 && everySecond < 100, everySecond + " at every second frame");
    }

    @Test
    void aVideoThatIsTooShortRunsBackAndForth() {
        numbered("video.mp4", 4);
        DirectoryClips clips = DirectoryClips.open(folder);
        for (long index = 0; index < 20; index++) {
            TrainingClip clip = clips.clip(index, SHAPE);
            int still = 0;
            for (int f = 1; f < 16; f++) {
                int step = Math.abs(number(clip, f) - number(clip, f - 1));
                assertTrue(step <= 3, "a step of " + step);
                still += step == 0 ? 1 : 0;
            }
            assertTrue(still <= 1, still + " frames stand still");
        }
    }

    @Test
    void aLongVideoIsKeptAsRunsSpreadOverItsLength() {
        numbered("video.mp4", 400);
        DirectoryClips clips = DirectoryClips.open(folder, 200 * Strip.bytes(64, 48, 1));
        TreeSet<Integer> seen = new TreeSet<>();
        for (long index = 0; index < 400; index++) {
            TrainingClip clip = clips.clip(index, SHAPE);
            for (int f = 0; f < 16; f++) {
                seen.add(number(clip, f));
            }
        }
        assertTrue(seen.size() > 170, seen.size() + " frames of 192 seen");
        assertEquals(List.of(), List.copyOf(seen.subSet(96, 304)));
        assertTrue(seen.first() < 5 && seen.last() > 394, seen.toString());
    }

    @Test
    void aPictureIsPannedOverSmoothlyAndSometimesMirrored() {
        write("picture", 1, 160, 120, i -> 0);
        DirectoryClips clips = DirectoryClips.open(folder);
        int mirrored = 0;
        int moving = 0;
        for (long index = 0; index < 100; index++) {
            TrainingClip clip = clips.clip(index, SHAPE);
            // The picture is bluer to the right.
            mirrored += pixel(clip, 0, 0, 12, 2) > pixel(clip, 0, 31, 12, 2) ? 1 : 0;
            int cuts = 0;
            int way = 0;
            for (int f = 1; f < 16; f++) {
                int step = Math.abs(pixel(clip, f, 16, 12, 2) - pixel(clip, f - 1, 16, 12, 2));
                cuts += step > 8 ? 1 : 0;
                way += step;
            }
            assertTrue(cuts <= 1, "clip " + index + " jumps " + cuts + " times");
            moving += way > 3 ? 1 : 0;
        }
        assertTrue(mirrored > 30 && mirrored < 70, mirrored + " of 100 mirrored");
        assertTrue(moving > 50, moving + " of 100 moving");
    }

    @Test
    void namesTheFilesItCannotUseAndPassesOverCaptions() throws IOException {
        numbered("good.mp4", 20);
        Files.writeString(folder.resolve("renamed.mp4"), "this is a letter, not a video\n");
        Files.createFile(folder.resolve("empty.png"));
        Files.writeString(folder.resolve("good.txt"), "numbers");
        Files.writeString(folder.resolve(".hidden"), "");
        DirectoryClips clips = DirectoryClips.open(folder);
        assertEquals(
                List.of("empty.png", "renamed.mp4"),
                clips.skipped().stream().map(s -> s.file().getFileName().toString()).toList());
        assertEquals(SHAPE, clips.clip(0, SHAPE).shape());
    }

    @Test
    void aListIsLearnedFromToo() throws IOException {
        numbered("in it.mp4", 20);
        numbered("not in it.mp4", 20);
        Path list = folder.resolve("list.csv");
        Files.writeString(list, "path,caption\nin it.mp4,numbers\n");

        DirectoryClips clips = DirectoryClips.open(list);
        assertEquals(1, clips.videos());
        assertEquals(SHAPE, clips.clip(0, SHAPE).shape());
    }

    @Test
    void aFolderWithoutAnythingToSeeIsExplained() throws IOException {
        Problem empty =
                assertThrows(ProblemException.class, () -> DirectoryClips.open(folder)).problem();
        assertInstanceOf(Impossible.NothingToLearn.class, empty);

        Files.createFile(folder.resolve("empty.png"));
        Problem unusable =
                assertThrows(ProblemException.class, () -> DirectoryClips.open(folder)).problem();
        assertTrue(unusable.cause().contains("empty.png"), unusable.cause());

        Problem missing =
                assertThrows(
                                ProblemException.class,
                                () -> DirectoryClips.open(folder.resolve("nowhere")))
                        .problem();
        assertInstanceOf(Problem.FileMissing.class, missing);
    }

    /** A video whose every frame is of one colour that tells its number. */
    private void numbered(String name, int frames) {
        write(name, frames, 64, 48, i -> i);
    }

    private void halves(String name, int pictures) {
        write(name, pictures, 40, 30, i -> 7 * i);
    }

    /**
     * Frames of 64 x 48 or so; red and green tell the number, blue rises from left to right in
     * pictures that are wider.
     */
    private void write(String name, int count, int width, int height, IntUnaryOperator number) {
        Path file = folder.resolve(name);
        List<Frame> frames = new ArrayList<>();
        for (int f = 0; f < count; f++) {
            ByteBuffer rgb = ByteBuffer.allocateDirect(3 * width * height);
            int value = number.applyAsInt(f);
            for (int i = 0; i < width * height; i++) {
                rgb.put((byte) (value / 20 * 12));
                rgb.put((byte) (value % 20 * 12));
                rgb.put((byte) (width > 64 ? i % width : 0));
            }
            frames.add(new Frame(width, height, rgb.flip(), f * 40_000L));
        }
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestClips.write(file, VideoFormat.of(file), frames, 25, Map.of());
    }

    private static int number(TrainingClip clip, int frame) {
        double red = pixel(clip, frame, 5, 5, 0) / 12.0;
        double green = pixel(clip, frame, 5, 5, 1) / 12.0;
        return (int) (20 * Math.round(red) + Math.round(green));
    }

    private static int pixel(TrainingClip clip, int frame, int x, int y, int channel) {
        ClipShape shape = clip.shape();
        int at = 3 * ((frame * shape.height() + y) * shape.width() + x) + channel;
        return clip.rgb().get(at) & 255;
    }
}
