package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.estimate.Observation;
import dev.zoetrope.runtime.estimate.Work;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.media.TestClips;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What reconstructions are said to take, and what is remembered of them. */
class ReconstructionEstimateTest {
    @TempDir Path temp;
    private UserFolders folders;
    private Path codec;
    private Path video;
    private LocalRuntime runtime;

    @BeforeEach
    void open() throws IOException {
        folders = new UserFolders(temp.resolve("home"));
        codec = TestCodec.copyTo(temp.resolve("codec"));
        video = TestClips.write(temp.resolve("clip.mp4"), 40, 64, 48, 24);
        runtime = LocalRuntime.open(folders);
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void aFinishedReconstructionIsRemembered() {
        ReconstructionRequest request = request(32, 20);
        assertEquals(Estimate.Basis.NOTHING, runtime.estimateReconstruction(request).basis());

        JobState end = runtime.reconstruct(request, _ -> {}).end().join();

        assertTrue(end instanceof JobState.Succeeded, end.toString());
        assertTrue(
                observations().stream()
                        .map(one -> one.work().kind())
                        .toList()
                        .containsAll(List.of(Work.Kind.CODING, Work.Kind.FILE)));
        assertEquals(Estimate.Basis.THIS_MODEL, runtime.estimateReconstruction(request).basis());
    }

    @Test
    void oneThatWentOnFromWhereItWasIsNotRemembered() {
        List<ReconstructionEvent> events = new ArrayList<>();
        runtime.reconstruct(request(32, 20), events::add).end().join();
        int before = observations().size();
        List<ReconstructionEvent> told = new ArrayList<>();
        CodecCheckpoint checkpoint = CodecCheckpoint.open(codec);

        var goneOn =
                new TimedReconstruction(
                        request(32, 20), checkpoint, folders, Optional::empty, () -> 0, told::add);
        goneOn.onEvent(events.getFirst());
        goneOn.onEvent(new ReconstructionEvent.Adjusted(new Notice.Resumed("after some frames")));
        goneOn.onEvent(events.getLast());
        assertEquals(before, observations().size());
        assertEquals(3, told.size());

        var whole =
                new TimedReconstruction(
                        request(32, 20), checkpoint, folders, Optional::empty, () -> 0, told::add);
        whole.onEvent(events.getFirst());
        whole.onEvent(events.getLast());
        assertTrue(observations().size() > before);
    }

    @Test
    void moreOfAVideoIsNeverEstimatedToTakeLess() {
        runtime.reconstruct(request(32, 20), quiet()).end().join();
        runtime.reconstruct(request(48, 10), quiet()).end().join();
        for (int side = 16; side <= 48; side += 16) {
            for (int frames = 2; frames <= 34; frames += 8) {
                Estimate estimate = runtime.estimateReconstruction(request(side, frames));
                for (ReconstructionRequest more :
                        List.of(request(side + 16, frames), request(side, frames + 6))) {
                    Estimate bigger = runtime.estimateReconstruction(more);
                    String both = estimate + " and then " + bigger;
                    assertTrue(bigger.seconds().low() >= estimate.seconds().low(), both);
                    assertTrue(bigger.seconds().high() >= estimate.seconds().high(), both);
                    assertTrue(bigger.memory().high() >= estimate.memory().high(), both);
                    assertTrue(bigger.result().high() >= estimate.result().high(), both);
                    assertTrue(bigger.kept() >= estimate.kept(), both);
                }
            }
        }
    }

    private static JobListener<ReconstructionEvent> quiet() {
        return _ -> {};
    }

    private List<Observation> observations() {
        return new Timings(folders.timings()).all();
    }

    private ReconstructionRequest request(int side, long frames) {
        return new ReconstructionRequest(
                video,
                codec.toString(),
                OptionalInt.of(side),
                0,
                OptionalLong.of(frames),
                temp.resolve("rebuilt.mp4"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Precision.FP32),
                true);
    }
}
