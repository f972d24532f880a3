package dev.zoetrope.samples.starter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The codec that ships, on the clip that ships. */
class StarterCodecTest {
    private static final int FRAMES = 52;
    private static final int WINDOW = 16;
    private static final int HOP = 10;

    /** Half a window's step later, what was a fade lies inside a window. */
    private static final int SHIFT = HOP / 2;

    private static List<ReconstructionEvent.Compared> fromStart = List.of();
    private static List<ReconstructionEvent.Compared> shifted = List.of();

    @BeforeAll
    static void reconstructTheExampleClipTwice(@TempDir Path folder) throws Exception {
        try (LocalRuntime runtime = LocalRuntime.open(new UserFolders(folder.resolve("data")))) {
            assertEquals("starter-codec", runtime.codecs().getFirst());
            fromStart = reconstruct(runtime, 0, FRAMES, folder.resolve("whole.mp4"));
            shifted = reconstruct(runtime, SHIFT, FRAMES - SHIFT, folder.resolve("shifted.mp4"));
        }
    }

    private static List<ReconstructionEvent.Compared> reconstruct(
            LocalRuntime runtime, int firstFrame, int frames, Path output) throws Exception {
        double fps = 10;
        Collector collector = new Collector();
        ReconstructionRequest request =
                new ReconstructionRequest(
                        Path.of("clips", "street.mp4"),
                        new StarterCodec().name(),
                        OptionalInt.of(128),
                        firstFrame / fps,
                        OptionalLong.of(frames),
                        output,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Precision.FP32),
                        true);
        JobState end = runtime.reconstruct(request, collector).end().get();
        assertInstanceOf(JobState.Succeeded.class, end);
        assertTrue(Files.exists(output));
        assertEquals(frames, collector.compared.size());
        return collector.compared;
    }

    @Test
    void theExampleClipComesBackRecognisable() {
        double worst = fromStart.stream().mapToDouble(c -> c.quality().psnr()).min().orElseThrow();
        assertTrue(worst > 20, "the worst frame has " + worst + " dB");
    }

    /** Each step is taken once in a fade and once inside a window, so that content cancels out. */
    @Test
    void windowsJoinWithoutASeam() {
        double inside = 0;
        double across = 0;
        for (int i = SHIFT; i + 1 < FRAMES; i++) {
            int j = i - SHIFT;
            if (isFade(i) == isFade(j)) {
                continue;
            }
            double first = changeOfError(fromStart.get(i), fromStart.get(i + 1));
            double second = changeOfError(shifted.get(j), shifted.get(j + 1));
            across += isFade(i) ? first : second;
            inside += isFade(i) ? second : first;
        }
        double ratio = across / inside;
        assertTrue(ratio <= 1, "the error changes %.3f times as much in a fade".formatted(ratio));
    }

    /**
     * Whether the step from this frame to the next touches the first 6 frames of a later window.
     */
    private static boolean isFade(int frame) {
        return frame >= HOP - 1 && (frame + 1) % HOP <= WINDOW - HOP;
    }

    /** How much the reconstruction's error differs between two frames, mean over all values. */
    private static double changeOfError(
            ReconstructionEvent.Compared first, ReconstructionEvent.Compared second) {
        ByteBuffer o1 = first.original().rgb();
        ByteBuffer r1 = first.reconstruction().rgb();
        ByteBuffer o2 = second.original().rgb();
        ByteBuffer r2 = second.reconstruction().rgb();
        long sum = 0;
        for (int i = 0; i < o1.limit(); i++) {
            int error1 = (r1.get(i) & 255) - (o1.get(i) & 255);
            int error2 = (r2.get(i) & 255) - (o2.get(i) & 255);
            sum += Math.abs(error2 - error1);
        }
        return (double) sum / o1.limit();
    }

    private static final class Collector implements JobListener<ReconstructionEvent> {
        private final List<ReconstructionEvent.Compared> compared = new ArrayList<>();

        @Override
        public void onEvent(ReconstructionEvent event) {
            if (event instanceof ReconstructionEvent.Compared one) {
                compared.add(one);
            }
        }
    }
}
