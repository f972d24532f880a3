package dev.zoetrope.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.pipeline.TestCodec;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.media.TestClips;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.TrainingEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** The engine is killed at twenty moments, and nobody can tell from what it makes. */
@Timeout(value = 360, threadMode = ThreadMode.SEPARATE_THREAD)
class EngineCrashTest extends WithEngine {

    @Test
    void aGenerationThatIsKilledAnywhereEndsInTheSameClip() throws IOException {
        int steps = 300;
        check(
                8,
                steps + 8,
                output ->
                        reach ->
                                client.generate(
                                        generation(steps, 5, output),
                                        Optional.empty(),
                                        event ->
                                                reach.accept(
                                                        switch (event) {
                                                            case GenerationEvent.Stepped(
                                                                            int step,
                                                                            _,
                                                                            _) ->
                                                                    step;
                                                            case GenerationEvent.Decoded(
                                                                            int index,
                                                                            _) ->
                                                                    steps + index;
                                                            default -> 0;
                                                        })),
                "clip.mp4",
                Function.identity());
    }

    @Test
    void aReconstructionThatIsKilledAnywhereEndsInTheSameClip() throws IOException {
        Path codec = TestCodec.copyTo(temp.resolve("codec"));
        int frames = 90;
        Path clip = TestClips.write(temp.resolve("clip.mp4"), frames, 34, 22, 24);
        check(
                6,
                frames,
                output ->
                        reach ->
                                client.reconstruct(
                                        new ReconstructionRequest(
                                                clip,
                                                codec.toString(),
                                                OptionalInt.empty(),
                                                0,
                                                OptionalLong.empty(),
                                                output,
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.of(Precision.FP32),
                                                true),
                                        event ->
                                                reach.accept(
                                                        event
                                                                        instanceof
                                                                        ReconstructionEvent.Compared
                                                                                compared
                                                                ? compared.index()
                                                                : 0)),
                "back.mp4",
                Function.identity());
    }

    @Test
    void aTrainingThatIsKilledAnywhereEndsInTheSameModel() throws IOException {
        int steps = 40;
        check(
                6,
                steps,
                output ->
                        reach ->
                                client.trainCodec(
                                        training(output, steps),
                                        event ->
                                                reach.accept(
                                                        event
                                                                        instanceof
                                                                        TrainingEvent.Stepped
                                                                                stepped
                                                                ? stepped.step()
                                                                : 0)),
                "run",
                run -> run.resolve("vae/diffusion_pytorch_model.safetensors"));
    }

    private static CodecTrainingRequest training(Path run, int steps) {
        return new CodecTrainingRequest(
                run,
                List.of("swatches"),
                null,
                List.of(4, 4, 4),
                16,
                1,
                4,
                8,
                1,
                List.of(new ClipShape(4, 16, 16)),
                2048,
                steps,
                2,
                20,
                1e-3,
                2,
                1e-4,
                1,
                0.5,
                null,
                0.1,
                0.005,
                1,
                7,
                Precision.FP32);
    }

    private interface Begun {
        /**
         * @param reach is told how far the job is
         */
        Job by(LongConsumer reach);
    }

    /** Kills at some places of a job. */
    private void check(
            int kills,
            int length,
            Function<Path, Begun> jobs,
            String name,
            Function<Path, Path> result)
            throws IOException {
        Path undisturbed = out.resolve("0-" + name);
        JobState end = jobs.apply(undisturbed).by(_ -> {}).end().join();
        assertInstanceOf(JobState.Succeeded.class, end, end.toString());
        byte[] expected = Files.readAllBytes(result.apply(undisturbed));
        Random random = new Random(length);
        for (int kill = 1; kill <= kills; kill++) {
            int place = random.nextInt(length);
            Path output = out.resolve("%d-%s".formatted(kill, name));
            AtomicBoolean killed = new AtomicBoolean();

            Job job =
                    jobs.apply(output)
                            .by(reached -> {
                                if (reached >= place && !killed.getAndSet(true)) {
                                    Engines.kill(folders);
                                }
                            });

            JobState again = job.end().join();
            assertInstanceOf(JobState.Succeeded.class, again, again.toString());
            assertTrue(killed.get(), "it was not killed at " + place);
            assertArrayEquals(expected, Files.readAllBytes(result.apply(output)), "at " + place);
        }
        List<QueuedJob> all = client.jobs();
        assertEquals(1 + kills, all.size());
        assertTrue(all.stream().allMatch(job -> job.status() == Status.SUCCEEDED));
    }
}
