package dev.zoetrope.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.estimate.CalibrationEvent;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** With engines that are processes of their own. */
@Timeout(value = 240, threadMode = ThreadMode.SEPARATE_THREAD)
class EngineClientTest extends WithEngine {

    private GenerationRequest request(int steps, long seed, String name) {
        return generation(steps, seed, out.resolve(name));
    }

    private static Job generate(
            ModelRuntime runtime,
            GenerationRequest request,
            JobListener<GenerationEvent> listener) {
        return runtime.generate(request, Optional.of(Duration.ZERO), listener);
    }

    private byte[] undisturbed(GenerationRequest request) throws IOException {
        try (LocalRuntime runtime = LocalRuntime.open(new UserFolders(temp.resolve("other")))) {
            JobState end = generate(runtime, request, _ -> {}).end().join();
            assertInstanceOf(JobState.Succeeded.class, end);
        }
        byte[] file = Files.readAllBytes(request.output());
        Files.delete(request.output());
        return file;
    }

    @Test
    void anEngineWhoseConnectionEndsWhileACallBeginsIsLost() {
        var unknown = io.grpc.Status.UNKNOWN.withDescription("channel closed");
        assertTrue(EngineClient.isLost(unknown.withCause(new ClosedChannelException())));
        assertFalse(EngineClient.isLost(unknown));
    }

    @Test
    void aDraftIsFinishedToTheClipThatIsMadeAtOnce() throws Exception {
        GenerationRequest request = request(12, 7, "draft.mp4");
        byte[] undisturbed = undisturbed(request);
        String draft = client.draft(List.of(request), 4).getFirst();
        while (client.jobs().getFirst().status() != Status.PAUSED) {
            Thread.sleep(20);
        }
        assertTrue(client.jobs().getFirst().isDraft());
        assertEquals(4, client.jobs().getFirst().done());
        assertFalse(Files.exists(request.output()));
        List<GenerationEvent.Stepped> steps = Collections.synchronizedList(new ArrayList<>());
        Job job =
                client.watch(
                        draft,
                        Optional.of(Duration.ZERO),
                        event -> {
                            if (event instanceof GenerationEvent.Stepped step) {
                                steps.add(step);
                            }
                        });
        while (steps.isEmpty() || steps.getLast().step() < 4) {
            Thread.sleep(20);
        }
        assertFalse(steps.getFirst().preview().isEmpty(), "it can be looked at");
        steps.clear();

        client.resume(List.of(draft));

        assertInstanceOf(JobState.Succeeded.class, job.end().join());
        assertEquals(5, steps.getFirst().step());
        assertArrayEquals(undisturbed, Files.readAllBytes(request.output()));
    }

    @Test
    void anEngineMakesTheSameClip() throws IOException {
        GenerationRequest request = request(5, 1, "a.mp4");
        byte[] expected = undisturbed(request);

        JobState end = generate(client, request, _ -> {}).end().join();

        assertInstanceOf(JobState.Succeeded.class, end);
        assertArrayEquals(expected, Files.readAllBytes(request.output()));
        assertEquals(Status.SUCCEEDED, client.jobs().getFirst().status());
    }

    @Test
    void anEngineLearnsHowLongClipsTake() {
        GenerationRequest request = request(5, 1, "a.mp4");
        assertEquals(Estimate.Basis.NOTHING, client.estimate(request).basis());

        generate(client, request, _ -> {}).end().join();
        Estimate once = client.estimate(request);
        List<CalibrationEvent> told = new ArrayList<>();
        JobState end =
                client.calibrate(
                                new CalibrationRequest(model.toString(), request.precision(), true),
                                new JobListener<CalibrationEvent>() {
                                    @Override
                                    public void onEvent(CalibrationEvent event) {
                                        told.add(event);
                                    }
                                })
                        .end()
                        .join();

        assertInstanceOf(JobState.Succeeded.class, end);
        assertEquals(Estimate.Basis.THIS_MODEL, once.basis());
        assertEquals(1, once.measurements());
        assertTrue(!told.isEmpty() && client.estimate(request).measurements() > 1);
    }

    @Test
    void aClipIsFinishedByTheNextEngineWhenOneIsKilled() throws IOException {
        GenerationRequest request = request(400, 2, "b.mp4");
        byte[] expected = undisturbed(request);
        CompletableFuture<Integer> begun = new CompletableFuture<>();

        Job job =
                generate(
                        client,
                        request,
                        event -> {
                            if (event instanceof GenerationEvent.Stepped(int step, _, _)
                                    && step > 20) {
                                begun.complete(step);
                            }
                        });
        begun.join();
        Engines.kill(folders);

        assertInstanceOf(JobState.Succeeded.class, job.end().join());
        assertArrayEquals(expected, Files.readAllBytes(request.output()));
        assertEquals(1, client.jobs().size());
    }

    @Test
    void aLineThatIsOpenedEarlyNeitherStartsAnEngineNorEndsOne() {
        try (EarlyLine _ = EarlyLine.open(folders)) {
            assertEquals(Optional.empty(), EarlyLine.to(folders.data()));
        }
        assertEquals(Optional.empty(), EngineAddress.read(folders.data()));

        client.connect();
        Optional<EngineAddress> address = EngineAddress.read(folders.data());
        try (EarlyLine _ = EarlyLine.open(folders);
                EngineClient other = EngineClient.own(folders)) {
            assertEquals(client.codecs(), other.codecs());
        }

        assertEquals(address, EngineAddress.read(folders.data()));
        assertEquals(List.of(), client.jobs());
    }

    @Test
    void aLineThatIsOpenedEarlyBelongsToWhoAsksFirst() {
        client.connect();
        try (EarlyLine _ = EarlyLine.open(folders)) {
            assertEquals(Optional.empty(), EarlyLine.to(folders.cache()), "another engine's");
            EngineLink.Line line = EarlyLine.to(folders.data()).orElseThrow();
            assertEquals(Optional.empty(), EarlyLine.to(folders.data()));
            line.end();
        }
    }

    @Test
    void twoClientsShareOneEngine() {
        client.connect();
        long first = EngineAddress.read(folders.data()).orElseThrow().process();
        try (EngineClient other = EngineClient.own(folders)) {
            assertEquals(client.codecs(), other.codecs());
        }
        assertEquals(first, EngineAddress.read(folders.data()).orElseThrow().process());
    }

    @Test
    void aProblemComesAcrossAsItself() {
        GenerationRequest request = EngineRequests.generation("a boat", 1);

        ProblemException e = assertThrows(ProblemException.class, () -> client.plan(request));

        assertTrue(e.problem().cause().contains("/models/none"), e.problem().cause());
        JobState end = generate(client, request, _ -> {}).end().join();
        assertEquals(e.problem(), ((JobState.Failed) end).problem());
    }

    @Test
    void aCancelledClipIsNotMade() {
        GenerationRequest request = request(400, 3, "c.mp4");
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Job job =
                generate(
                        client,
                        request,
                        event -> {
                            if (event instanceof GenerationEvent.Stepped) {
                                begun.complete(null);
                            }
                        });
        begun.join();

        job.cancel();

        assertEquals(new JobState.Cancelled(), job.end().join());
        assertTrue(Files.notExists(request.output()));
        assertEquals(
                List.of(Status.CANCELLED),
                client.jobs().stream().map(queued -> queued.status()).toList());
    }
}
