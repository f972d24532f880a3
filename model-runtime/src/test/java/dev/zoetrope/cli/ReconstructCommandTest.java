package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.pipeline.TestCodec;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.TestClips;
import dev.zoetrope.runtime.media.TestSound;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

class ReconstructCommandTest {
    @TempDir Path temp;
    private Path codec;
    private Path folder;

    @BeforeEach
    void prepare() throws IOException {
        codec = TestCodec.copyTo(temp.resolve("codec"));
        folder = Files.createDirectory(temp.resolve("clips"));
    }

    @Test
    void aClipComesBackWithItsComparisonAndItsMetrics() throws IOException {
        Path clip = TestClips.write(folder.resolve("clip.mp4"), 21, 48, 32, 24);
        Path output = folder.resolve("back.mp4");
        Path beside = folder.resolve("beside.mp4");
        Path metrics = folder.resolve("metrics.json");

        Terminal run =
                reconstruct(clip, "-o", output, "--side-by-side", beside, "--metrics", metrics);

        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("PSNR"), run.out());
        assertClip(output, 21, 48, 32);
        assertClip(beside, 21, 96, 32);
        JsonNode json = new ObjectMapper().readTree(metrics.toFile());
        assertEquals(21, json.get("frames").size());
        assertTrue(json.get("psnr").asDouble() > 0, json.toString());
        assertEquals(Set.of("clip.mp4", "back.mp4", "beside.mp4", "metrics.json"), files());
    }

    @Test
    void sizesThatNoFactorDividesAreKept() {
        Path clip = TestClips.write(folder.resolve("clip.webm"), 5, 37, 29, 24);
        Path output = folder.resolve("back.webm");

        Terminal run = reconstruct(clip, "-o", output);

        assertEquals(0, run.exit(), run.err());
        assertClip(output, 5, 37, 29);
    }

    @Test
    void aPictureIsAClipOfOneFrame() throws IOException {
        Path picture = folder.resolve("picture.png");
        ImageIO.write(
                new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
        Path output = folder.resolve("back.mp4");

        Terminal run = reconstruct(picture, "-o", output);

        assertEquals(0, run.exit(), run.err());
        assertClip(output, 1, 30, 20);
    }

    @Test
    void startFramesAndResolutionChooseAPart() {
        Path clip = TestClips.write(folder.resolve("clip.mp4"), 24, 64, 48, 24);
        Path output = folder.resolve("back.mp4");

        Terminal run =
                reconstruct(
                        clip,
                        "-o",
                        output,
                        "--start",
                        "0.5",
                        "--frames",
                        "6",
                        "--resolution",
                        "24",
                        "--json");

        assertEquals(0, run.exit(), run.err());
        assertClip(output, 6, 32, 24);
        List<String> lines = run.out().lines().toList();
        assertEquals(1 + 6 + 1, lines.size(), run.out());
        assertTrue(lines.getLast().contains("\"event\":\"saved\""), lines.getLast());
    }

    @Test
    void aStartAfterTheEndIsExplainedAndLeavesNothing() throws IOException {
        Path clip = TestClips.write(folder.resolve("clip.mp4"), 6, 32, 32, 24);

        Terminal run = reconstruct(clip, "-o", folder.resolve("back.mp4"), "--start", "100");

        assertExplained(run, "Start earlier.");
        assertEquals(Set.of("clip.mp4"), files());
    }

    @Test
    void textUnderTheNameOfAVideoIsExplainedAndLeavesNothing() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.mp4"), "Dear diary,\n".repeat(200));

        Terminal run = reconstruct(text, "-o", folder.resolve("back.mp4"));

        assertExplained(run, "notes.mp4");
        assertEquals(Set.of("notes.mp4"), files());
    }

    @Test
    void whatIsLeftOfAFileThatWasCutOffComesBackAndTheRestIsMissed() throws IOException {
        Path clip = TestClips.write(folder.resolve("clip.mp4"), 24, 64, 48, 24);
        byte[] bytes = Files.readAllBytes(clip);
        Files.write(clip, Arrays.copyOf(bytes, bytes.length * 2 / 3));

        Terminal run = reconstruct(clip, "-o", folder.resolve("back.mp4"));

        assertEquals(0, run.exit(), run.err());
        assertTrue(run.err().contains("of about 24 frames could be read"), run.err());
        assertTrue(TestClips.read(folder.resolve("back.mp4")).size() > 5);
    }

    @Test
    void aMissingFileIsExplained() throws IOException {
        Terminal run = reconstruct(folder.resolve("missing.mp4"), "-o", folder.resolve("back.mp4"));

        assertExplained(run, "missing.mp4");
        assertEquals(Set.of(), files());
    }

    @Test
    void wrongOptionsAreWrongUsage() {
        Path clip = folder.resolve("clip.mp4");

        assertEquals(2, Terminal.run("reconstruct").exit());
        assertEquals(2, reconstruct(clip, "--colour").exit());
        assertEquals(2, reconstruct(clip, "--frames", "0").exit());
        assertEquals(2, reconstruct(clip, "--start", "-1").exit());
        assertEquals(2, reconstruct(clip, "--resolution", "7").exit());
        assertEquals(2, reconstruct(clip, "--precision", "fp7").exit());
    }

    @Test
    void aCancelledJobStopsAtOnceAndLeavesNothing() throws Exception {
        Path clip = TestClips.write(folder.resolve("clip.mp4"), 40, 48, 32, 24);
        ReconstructionRequest request =
                new ReconstructionRequest(
                        clip,
                        codec.toString(),
                        OptionalInt.empty(),
                        0,
                        OptionalLong.empty(),
                        folder.resolve("back.mp4"),
                        Optional.of(folder.resolve("beside.mp4")),
                        Optional.of(folder.resolve("metrics.json")),
                        Optional.of(Precision.FP32),
                        true);
        CountDownLatch cancelled = new CountDownLatch(1);
        CompletableFuture<Boolean> began = new CompletableFuture<>();
        AtomicLong compared = new AtomicLong();
        JobListener<ReconstructionEvent> listener =
                new JobListener<>() {
                    @Override
                    public void onEvent(ReconstructionEvent event) {
                        if (event instanceof ReconstructionEvent.Compared) {
                            compared.incrementAndGet();
                            began.complete(true);
                            awaitCancellation();
                        }
                    }

                    @Override
                    public void onState(JobState state) {
                        if (state instanceof JobState.Failed) {
                            began.complete(false);
                        }
                    }

                    private void awaitCancellation() {
                        try {
                            cancelled.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                };
        try (LocalRuntime runtime = LocalRuntime.open(new UserFolders(temp.resolve("home")))) {
            Job job = runtime.reconstruct(request, listener);
            assertTrue(began.get(60, TimeUnit.SECONDS));
            job.cancel();
            cancelled.countDown();

            assertEquals(new JobState.Cancelled(), job.end().get(10, TimeUnit.SECONDS));
        }
        assertEquals(1, compared.get(), "frames after the cancellation");
        assertEquals(Set.of("clip.mp4"), files());
    }

    @Test
    void theSoundComesAlong() throws IOException {
        Path sound = TestSound.write(temp.resolve("tone.wav"), 440, 1);
        Path clip = folder.resolve("clip.mp4");
        try (FrameWriter writer = FrameWriter.create(clip, VideoFormat.MP4, 48, 32, 24, Map.of())) {
            writer.keepAudioOf(sound, 0, 1);
            TestClips.frames(24, 48, 32, 24).forEach(writer::write);
            writer.finish();
        }

        Terminal run = reconstruct(clip, "-o", folder.resolve("back.mp4"));

        assertEquals(0, run.exit(), run.err());
        assertFalse(run.err().contains("could be read"), run.err());
        try (FrameReader back = FrameReader.open(folder.resolve("back.mp4"))) {
            assertTrue(back.info().audio());
        }
    }

    /** SIGTERM, which takes the way of Ctrl-C and which no parent of the tests can have ignored. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aSignalEndsTheProcessAndLeavesNothing() throws Exception {
        Path clip = TestClips.write(folder.resolve("clip.mp4"), 800, 96, 64, 24);
        Process process =
                Terminal.start(
                        folder,
                        "reconstruct",
                        clip,
                        "--codec",
                        codec,
                        "-o",
                        folder.resolve("b.mp4"));
        try {
            await(folder.resolve("b.mp4.part"), process);

            process.destroy();

            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(128 + 15, process.exitValue());
            assertEquals(Set.of("clip.mp4"), files());
        } finally {
            process.destroyForcibly();
        }
    }

    private static void await(Path file, Process writer) throws InterruptedException {
        while (!Files.exists(file)) {
            assertTrue(writer.isAlive(), "it ended before it wrote");
            Thread.sleep(20);
        }
    }

    private Terminal reconstruct(Path file, Object... options) {
        Object[] words =
                Stream.concat(
                                Stream.of(
                                        "reconstruct",
                                        file,
                                        "--codec",
                                        codec,
                                        "--precision",
                                        "fp32"),
                                Stream.of(options))
                        .toArray();
        if (Stream.of(options).anyMatch("--precision"::equals)) {
            words = Stream.concat(Stream.of("reconstruct", file), Stream.of(options)).toArray();
        }
        return Terminal.run(words);
    }

    private static void assertClip(Path file, int frames, int width, int height) {
        List<Frame> read = TestClips.read(file);
        assertEquals(frames, read.size());
        assertEquals(width, read.getFirst().width());
        assertEquals(height, read.getFirst().height());
    }

    private static void assertExplained(Terminal run, String part) {
        assertEquals(1, run.exit(), run.out());
        assertTrue(run.err().contains(part), run.err());
        assertEquals(2, run.err().lines().count(), "a cause and a remedy: " + run.err());
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
