package dev.zoetrope.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.pipeline.TestModel;
import dev.zoetrope.pipeline.Workshop;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.JobState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A real model is measured in the queue while nobody wants anything else. */
@Timeout(240)
class QueuedCalibrationTest {
    @TempDir Path temp;
    private UserFolders folders;
    private Path model;
    private DurableQueue queue;

    @BeforeEach
    void open() {
        folders = new UserFolders(temp.resolve("home"));
        model = TestModel.ofClasses(temp.resolve("model"));
        Workshop workshop = new Workshop(folders);
        queue =
                new DurableQueue(
                        folders.data(),
                        (request, folder) -> workshop.of(request, Optional.empty(), folder),
                        () -> true);
        queue.start();
    }

    @AfterEach
    void close() {
        queue.close();
    }

    /** What one who watches a job hears, in the order of all that is heard. */
    private DurableQueue.Watcher hearing(
            String name, List<String> heard, Runnable atEvents, CompletableFuture<JobState> end) {
        return new DurableQueue.Watcher() {
            @Override
            public void onEvent(PlainJson.Written event) {
                heard.add(name);
                atEvents.run();
            }

            @Override
            public void onState(JobState state) {
                if (state.isEnd()) {
                    end.complete(state);
                }
            }
        };
    }

    @Test
    void aClipThatIsAskedForWhileCalibratingStartsAtOnce() throws IOException {
        GenerationRequest clip =
                TestModel.request(model, 4, Optional.empty(), 1, temp.resolve("clip.mp4"));
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        var clipEnd = new CompletableFuture<JobState>();
        var calibrationEnd = new CompletableFuture<JobState>();
        Runnable askForClip =
                () -> {
                    if (heard.size() == 1) {
                        queue.run(clip, "clip", _ -> hearing("clip", heard, () -> {}, clipEnd));
                    }
                };

        queue.run(
                new CalibrationRequest(model.toString(), Optional.of(Precision.FP32), false),
                "calibration",
                _ -> hearing("calibration", heard, askForClip, calibrationEnd));

        assertInstanceOf(JobState.Succeeded.class, clipEnd.join());
        assertInstanceOf(JobState.Succeeded.class, calibrationEnd.join());
        assertTrue(Files.exists(clip.output()));
        int begun = heard.indexOf("clip");
        assertEquals(1, begun, "the calibration had measured one clip");
        int ended = heard.lastIndexOf("clip");
        assertEquals(
                Collections.nCopies(ended, "clip"),
                heard.subList(begun, ended + 1),
                "it began again when the clip was there");
        assertTrue(heard.size() > ended + 3, "and measured anew: " + heard);
        try (LocalRuntime runtime = LocalRuntime.open(folders)) {
            assertEquals(Estimate.Basis.THIS_MODEL, runtime.estimate(clip).basis());
        }
    }
}
