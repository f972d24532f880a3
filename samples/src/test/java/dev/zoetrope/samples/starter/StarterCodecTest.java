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
    private static final int HOP = 12;

    private static final List<ReconstructionEvent.Compared> COMPARED = new ArrayList<>();
    private static JobState end = new JobState.Queued();

    @BeforeAll
    static void reconstructTheExampleClip(@TempDir Path folder) throws Exception {
        ReconstructionRequest request =
                new ReconstructionRequest(
                        Path.of("clips", "street.mp4"),
                        new StarterCodec().name(),
                        OptionalInt.of(128),
                        0,
                        OptionalLong.of(FRAMES),
                        folder.resolve("result.mp4"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Precision.FP32));
        try (LocalRuntime runtime = LocalRuntime.open(new UserFolders(folder.resolve("data")))) {
            assertEquals("starter-codec", runtime.codecs().getFirst());
            end = runtime.reconstruct(request, new Collector()).end().get();
            assertTrue(Files.exists(request.output()), "a result for " + end);
        }
    }

    @Test
    void theExampleClipComesBackRecognisable() {
        assertInstanceOf(JobState.Succeeded.class, end);
        assertEquals(FRAMES, COMPARED.size());
        double worst = COMPARED.stream().mapToDouble(c -> c.quality().psnr()).min().orElseThrow();
        assertTrue(worst > 20, "the worst frame has " + worst + " dB");
    }

    @Test
    void windowsJoinWithoutASeam() {
        double inside = 0;
        double across = 0;
        int insideSteps = 0;
        int acrossSteps = 0;
        for (int i = 0; i + 1 < FRAMES; i++) {
            double change = changeOfError(COMPARED.get(i), COMPARED.get(i + 1));
            // From the second window on, its first 4 frames fade in.
            int into = i % HOP;
            boolean fade = i >= HOP && into <= WINDOW - HOP;
            if (fade) {
                across += change;
                acrossSteps++;
            } else {
                inside += change;
                insideSteps++;
            }
        }
        double ratio = (across / acrossSteps) / (inside / insideSteps);
        assertTrue(ratio <= 1, "the error changes %.3f times as much in a fade".formatted(ratio));
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
        @Override
        public void onEvent(ReconstructionEvent event) {
            if (event instanceof ReconstructionEvent.Compared compared) {
                COMPARED.add(compared);
            }
        }

        @Override
        public void onState(JobState state) {}
    }
}
