package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class GenerationPipelineTest {
    private static final int STEPS = 5;

    @TempDir Path temp;
    private Path model;
    private Path folder;

    @BeforeEach
    void prepare() throws IOException {
        model = TestModel.ofClasses(temp.resolve("model"));
        folder = Files.createDirectory(temp.resolve("clips"));
    }

    @Test
    void eventsTellOfPlanStepsFramesAndFileInThatOrder() {
        Run run = run(Optional.empty(), _ -> false);

        assertInstanceOf(JobState.Succeeded.class, run.end);
        List<String> kinds =
                run.events.stream()
                        .map(event -> event.getClass().getSimpleName())
                        .distinct()
                        .toList();
        assertEquals(List.of("Planned", "Stepped", "Decoded", "Saved"), kinds);
        assertEquals(1 + STEPS + 8 + 1, run.events.size());
    }

    @Test
    void previewsAreAsManyFramesAsTheLatentsAndAPixelForACell() {
        Run run = run(Optional.of(Duration.ZERO), _ -> false);

        List<List<Frame>> previews = run.previews();
        assertEquals(STEPS, previews.size());
        for (List<Frame> preview : previews) {
            assertEquals(2, preview.size());
            assertEquals(8, preview.getFirst().width());
            assertEquals(8, preview.getFirst().height());
        }
        assertTrue(!previews.getFirst().equals(previews.getLast()), "nothing emerges");
    }

    @Test
    void previewsAreNoMoreOftenThanAskedFor() {
        List<List<Frame>> previews = run(Optional.of(Duration.ofHours(1)), _ -> false).previews();

        assertEquals(2, previews.getFirst().size());
        previews.stream().skip(1).forEach(preview -> assertEquals(List.of(), preview));
        run(Optional.empty(), _ -> false)
                .previews()
                .forEach(preview -> assertEquals(List.of(), preview));
    }

    @Test
    void aClipThatIsCancelledWhileItIsSampledLeavesNothing() throws IOException {
        Run run = run(Optional.empty(), event -> event instanceof GenerationEvent.Stepped);

        assertEquals(new JobState.Cancelled(), run.end);
        assertEquals(2, run.events.size());
        assertEquals(Set.of(), files());
    }

    @Test
    void aClipThatIsCancelledWhileItIsDecodedLeavesNothing() throws IOException {
        Run run = run(Optional.empty(), event -> event instanceof GenerationEvent.Decoded);

        assertEquals(new JobState.Cancelled(), run.end);
        assertEquals(1 + STEPS + 1, run.events.size());
        assertEquals(Set.of(), files());
    }

    @Test
    void aClipThatComesOutBlackFailsAndItsLatentsAreKept() throws IOException {
        spoil(model.resolve("vae/model.safetensors"), "decoder.convts.1.convt.bias", -9);

        Run run = run(Optional.empty(), _ -> false);

        JobState.Failed failed = assertInstanceOf(JobState.Failed.class, run.end);
        Problem.ClipFaulty fault = assertInstanceOf(Problem.ClipFaulty.class, failed.problem());
        assertTrue(fault.cause().contains("black"), fault.cause());
        assertEquals(folder.resolve("clip.latents.safetensors"), fault.latents());
        assertTrue(files().contains("clip.latents.safetensors"), files().toString());
    }

    @Test
    void numbersOutOfRangeFailAtTheStepThatMadeThem() throws IOException {
        spoil(model.resolve("transformer/model.safetensors"), "final_layer.linear.bias", Float.NaN);

        Run run = run(Optional.empty(), _ -> false);

        JobState.Failed failed = assertInstanceOf(JobState.Failed.class, run.end);
        Problem.ClipFaulty fault = assertInstanceOf(Problem.ClipFaulty.class, failed.problem());
        assertTrue(fault.cause().contains("step 1 of 5"), fault.cause());
        assertEquals(Set.of("clip.latents.safetensors"), files());
    }

    @Test
    void aPromptThatIsKnownIsNotEncodedAgain() throws IOException {
        model = TestModel.ofText(temp.resolve("text"));
        Path weights = model.resolve("text_encoder/model.safetensors");
        FileTime changed = Files.getLastModifiedTime(weights);
        run(Optional.empty(), _ -> false);
        byte[] first = Files.readAllBytes(folder.resolve("clip.mp4"));
        // Behind the bytes by which an encoder is known, and as old as before.
        spoil(weights, "encoder.final_layer_norm.weight", 16, Float.NaN);
        Files.setLastModifiedTime(weights, changed);

        Run again = run(Optional.empty(), _ -> false);

        assertInstanceOf(JobState.Succeeded.class, again.end);
        assertArrayEquals(first, Files.readAllBytes(folder.resolve("clip.mp4")));
        Files.setLastModifiedTime(weights, FileTime.fromMillis(0));
        assertInstanceOf(JobState.Failed.class, run(Optional.empty(), _ -> false).end);
    }

    private static void spoil(Path weights, String name, float value) throws IOException {
        spoil(weights, name, 0, value);
    }

    /** Overwrites the numbers of a tensor from one of them on. */
    static void spoil(Path weights, String name, int from, float value) throws IOException {
        TensorSlice tensor = Objects.requireNonNull(WeightFile.open(weights).tensors().get(name));
        int count = (int) tensor.elements() - from;
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(value);
        }
        try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            file.write(bytes.flip(), tensor.offset() + (long) from * Float.BYTES);
        }
    }

    /** What became of a job and what was heard of it. */
    private record Run(JobState end, List<GenerationEvent> events) {
        List<List<Frame>> previews() {
            return events.stream()
                    .filter(GenerationEvent.Stepped.class::isInstance)
                    .map(event -> ((GenerationEvent.Stepped) event).preview())
                    .toList();
        }
    }

    private Run run(Optional<Duration> previewEvery, Predicate<GenerationEvent> cancelAt) {
        List<GenerationEvent> events = new ArrayList<>();
        CompletableFuture<Job> job = new CompletableFuture<>();
        try (LocalRuntime runtime = LocalRuntime.open(new UserFolders(temp.resolve("home")))) {
            job.complete(
                    runtime.generate(
                            request(),
                            previewEvery,
                            new JobListener<>() {
                                @Override
                                public void onEvent(GenerationEvent event) {
                                    events.add(event);
                                    if (cancelAt.test(event)) {
                                        job.join().cancel();
                                    }
                                }
                            }));
            return new Run(job.join().end().join(), events);
        }
    }

    private GenerationRequest request() {
        return TestModel.request(model, STEPS, Optional.empty(), 1, folder.resolve("clip.mp4"));
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
