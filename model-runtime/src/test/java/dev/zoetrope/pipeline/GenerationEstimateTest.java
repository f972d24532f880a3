package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.DeviceMemory;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.estimate.CalibrationEvent;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.estimate.Observation;
import dev.zoetrope.runtime.estimate.Work;
import dev.zoetrope.runtime.estimate.Workload;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.GenerationSummary;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.generation.PromptReading;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What clips of real models are said to take, and what is remembered of it. */
class GenerationEstimateTest {
    @TempDir Path temp;
    private UserFolders folders;
    private Path model;
    private LocalRuntime runtime;

    @BeforeEach
    void open() throws IOException {
        folders = new UserFolders(temp.resolve("home"));
        model = TestModel.ofText(temp.resolve("model"));
        runtime = LocalRuntime.open(folders);
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void aFinishedClipIsRemembered() {
        GenerationRequest clip = request(16, 5, 4, 2);
        assertEquals(Estimate.Basis.NOTHING, runtime.estimate(clip).basis());

        JobState end = runtime.generate(clip, Optional.empty(), quiet()).end().join();

        assertTrue(end instanceof JobState.Succeeded, end.toString());
        Set<Work.Kind> kinds =
                observations().stream()
                        .map(one -> one.work().kind())
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Work.Kind.class)));
        assertTrue(
                kinds.containsAll(
                        EnumSet.of(
                                Work.Kind.OPENING,
                                Work.Kind.ENCODING,
                                Work.Kind.SAMPLING,
                                Work.Kind.DECODING,
                                Work.Kind.FILE)),
                kinds.toString());
        assertEquals(Estimate.Basis.THIS_MODEL, runtime.estimate(clip).basis());
    }

    @Test
    void whatOtherProgramsHadMeanwhileIsRememberedWithTheTimes() throws Exception {
        var workshop = new Workshop(folders, Optional::empty, () -> 0.25);

        workshop.generation(request(16, 5, 4, 2), Optional.empty(), temp.resolve("job"))
                .run(quiet(), new Cancellation());

        for (Observation one : observations()) {
            boolean ofTime = !Set.of(Work.Kind.MEMORY, Work.Kind.FILE).contains(one.work().kind());
            assertEquals(ofTime ? 0.25 : 0, one.others(), one.toString());
        }
        assertTrue(observations().size() >= 5, observations().toString());
    }

    @Test
    void aClipThatAnotherProcessHadBegunIsNotRemembered() {
        GenerationRequest clip = request(16, 5, 4, 2);
        Preparation prepared = new Workshop(folders).prepare(clip);
        GenerationEvent saved = saved(prepared);
        List<GenerationEvent> told = new ArrayList<>();
        long start = System.nanoTime() - Duration.ofMillis(50).toNanos();

        var goneOn =
                new TimedGeneration(
                        start, prepared, folders, Optional::empty, () -> 0, listener(told));
        goneOn.onEvent(new GenerationEvent.Planned(prepared.plan()));
        goneOn.onEvent(new GenerationEvent.Adjusted(new Notice.Resumed("after step 1 of 2")));
        goneOn.onEvent(new GenerationEvent.Stepped(2, 2, List.of()));
        goneOn.onEvent(saved);

        assertEquals(List.of(), observations());
        assertEquals(4, told.size());

        var whole =
                new TimedGeneration(
                        start, prepared, folders, Optional::empty, () -> 0, listener(told));
        whole.onEvent(new GenerationEvent.Planned(prepared.plan()));
        whole.onEvent(new GenerationEvent.Stepped(2, 2, List.of()));
        whole.onEvent(saved);

        List<Observation> observed = observations();
        assertEquals(
                List.of(0.001, 0.002, 0.003),
                observed.subList(1, 4).stream().map(Observation::cost).toList());
        Observation rest = observed.getFirst();
        assertEquals(Work.Kind.OPENING, rest.work().kind());
        assertTrue(rest.cost() > 0.043, "what the job took besides: " + rest);
    }

    private static GenerationEvent saved(Preparation prepared) {
        return new GenerationEvent.Saved(
                prepared.request(),
                new GenerationSummary(
                        prepared.plan(),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(3)));
    }

    @Test
    void aBiggerClipIsNeverEstimatedToTakeLess() {
        runtime.generate(request(16, 5, 4, 2), Optional.empty(), quiet()).end().join();
        runtime.generate(request(24, 9, 2, 1), Optional.empty(), quiet()).end().join();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 12; i++) {
            int side = 16 + 8 * random.nextInt(4);
            int frames = 1 + 4 * random.nextInt(4);
            int steps = 2 + random.nextInt(20);
            Estimate estimate = runtime.estimate(request(side, frames, steps, 1));
            for (GenerationRequest more :
                    List.of(
                            request(side + 8, frames, steps, 1),
                            request(side, frames + 4, steps, 1),
                            request(side, frames, steps + 1, 1),
                            request(side, frames, steps, 3))) {
                Estimate bigger = runtime.estimate(more);
                String both = estimate + " and then " + bigger;
                assertTrue(bigger.seconds().low() >= estimate.seconds().low(), both);
                assertTrue(bigger.seconds().high() >= estimate.seconds().high(), both);
                assertTrue(bigger.memory().high() >= estimate.memory().high(), both);
                assertTrue(bigger.result().high() >= estimate.result().high(), both);
                assertTrue(bigger.kept() >= estimate.kept(), both);
            }
        }
    }

    @Test
    void aSingleFrameIsCountedWithoutTheWeightsOfTime() {
        Workshop workshop = new Workshop(folders);
        GenerationModel opened = workshop.prepare(request(16, 5, 4, 2)).model();
        Set<String> weights = opened.denoiser().weights().tensors().keySet();
        long ofTime = weights.stream().filter(name -> name.startsWith("temporal_")).count();

        double clip = weightsUsed(workshop.prepare(request(16, 5, 4, 2)));
        double image = weightsUsed(workshop.prepare(request(16, 1, 4, 2)));

        assertTrue(ofTime > 0);
        assertEquals(8.0 * weights.size(), clip, "four steps of two evaluations");
        assertEquals(8.0 * (weights.size() - ofTime), image);
    }

    private double weightsUsed(Preparation prepared) {
        Workload load = GenerationWork.of(prepared, new PromptCache(folders.prompts()), false);
        return load.phases().stream()
                .filter(work -> work.kind() == Work.Kind.SAMPLING)
                .findFirst()
                .orElseThrow()
                .counts()
                .get(1);
    }

    @Test
    void aPromptThatIsKeptIsEstimatedToBeReadSooner() {
        GenerationRequest clip = request(16, 5, 2, 1);
        runtime.generate(clip, Optional.empty(), quiet()).end().join();
        GenerationRequest other = request("a red boat", 16, 5, 2, 1);

        double kept = encoding(runtime.estimate(clip));
        double read = encoding(runtime.estimate(other));

        assertTrue(kept < read, kept + " and " + read);
    }

    private static double encoding(Estimate estimate) {
        return estimate.phases().stream()
                .filter(phase -> phase.kind() == Work.Kind.ENCODING)
                .findFirst()
                .orElseThrow()
                .seconds()
                .middle();
    }

    @Test
    void theTokenizerIsReadOnceForAllPlansAndEstimates() throws IOException {
        GenerationRequest clip = request(16, 5, 4, 2);
        PromptReading read = runtime.plan(clip).typedPrompt().orElseThrow();
        Path words = model.resolve("tokenizer/vocab.txt");
        FileTime modified = Files.getLastModifiedTime(words);
        Files.write(words, new byte[(int) Files.size(words)]);
        Files.setLastModifiedTime(words, modified);

        assertEquals(read, runtime.plan(clip).typedPrompt().orElseThrow());
        assertEquals(Estimate.Basis.NOTHING, runtime.estimate(clip).basis());
    }

    @Test
    void aCalibrationLearnsOfTheModelAndLeavesNothingElse() throws IOException {
        List<CalibrationEvent> told = new ArrayList<>();
        JobState end =
                runtime.calibrate(
                                new CalibrationRequest(
                                        model.toString(), Optional.of(Precision.FP32), true),
                                listener(told))
                        .end()
                        .join();

        assertTrue(end instanceof JobState.Succeeded, end.toString());
        assertTrue(told.size() > 2, told.toString());
        assertEquals(Estimate.Basis.THIS_MODEL, runtime.estimate(request(16, 5, 4, 2)).basis());
        try (Stream<Path> all = Files.walk(temp.resolve("home"))) {
            assertEquals(List.of(folders.timings()), all.filter(Files::isRegularFile).toList());
        }
    }

    @Test
    void aCalibrationThatNobodyWaitsForMakesNothingThatWouldTakeLong() {
        runtime.generate(request(16, 5, 4, 2), Optional.empty(), quiet()).end().join();
        List<Observation> slow =
                observations().stream()
                        .filter(one -> one.work().kind() == Work.Kind.SAMPLING)
                        .map(one ->
                                new Observation(
                                        one.at() + 1,
                                        one.machine(),
                                        one.work(),
                                        1e5 * one.cost(),
                                        0))
                        .toList();
        for (int i = 0; i < 10; i++) {
            new Timings(folders.timings()).add(slow);
        }
        for (boolean awaited : new boolean[] {false, true}) {
            List<CalibrationEvent> told = new ArrayList<>();
            JobState end =
                    runtime.calibrate(
                                    new CalibrationRequest(
                                            model.toString(), Optional.of(Precision.FP32), awaited),
                                    listener(told))
                            .end()
                            .join();
            assertTrue(end instanceof JobState.Succeeded, end.toString());
            assertEquals(!awaited, told.isEmpty(), told.toString());
        }
    }

    /** A device whose memory is used by others up to half, and by each look at it a little more. */
    private static final class FakeDevice implements DeviceMemory {
        private static final long GIB = 1L << 30;

        private long used = 8 * GIB;

        @Override
        public Optional<Use> now() {
            used = Math.min(10 * GIB, used + GIB / 8);
            return Optional.of(new Use(used, 16 * GIB));
        }
    }

    @Test
    void theMemoryOfADeviceIsThatOfWeightsAndWork() {
        Workshop workshop =
                new Workshop(folders, () -> Optional.of(new DeviceMemory.Use(0, 1)), () -> 0);
        assertEquals(Optional.empty(), runtime.estimate(request(16, 5, 4, 2)).deviceMemory());

        Estimate small = workshop.estimate(request(16, 5, 4, 2));
        Estimate large = workshop.estimate(request(64, 17, 4, 2));

        double first = small.deviceMemory().orElseThrow().middle();
        assertTrue(first > 3e8 && first < 6e8, "a model of a few MB: " + first);
        assertTrue(large.deviceMemory().orElseThrow().middle() > first);
        assertTrue(
                small.warnings().stream().anyMatch(one -> one.contains("the GPU's memory")),
                small.toString());
        assertTrue(large.memory().high() < large.deviceMemory().orElseThrow().high() + 1.2e9);
    }

    @Test
    void whatAClipTookOfADeviceIsRemembered() throws Exception {
        GenerationRequest clip = request(16, 5, 8, 2);
        Workshop workshop = new Workshop(folders, new FakeDevice(), () -> 0);

        workshop.generation(clip, Optional.empty(), temp.resolve("job"))
                .run(quiet(), new Cancellation());

        Observation memory =
                observations().stream()
                        .filter(one -> one.work().kind() == Work.Kind.DEVICE_MEMORY)
                        .findFirst()
                        .orElseThrow();
        // Others have half of it, and each look before the work counts for them.
        assertTrue(memory.cost() > 1e9 && memory.cost() < 2e9, memory.toString());
        assertTrue(workshop.estimate(clip).deviceMemory().orElseThrow().contains(memory.cost()));
    }

    private List<Observation> observations() {
        return new Timings(folders.timings()).all();
    }

    private GenerationRequest request(int side, int frames, int steps, double guidance) {
        return request("a paper boat", side, frames, steps, guidance);
    }

    private GenerationRequest request(
            String prompt, int side, int frames, int steps, double guidance) {
        return new GenerationRequest(
                prompt,
                "",
                Optional.empty(),
                model.toString(),
                Optional.empty(),
                OptionalInt.of(side),
                Optional.of(new ClipLength.Frames(frames)),
                OptionalDouble.empty(),
                OptionalInt.of(steps),
                OptionalDouble.of(guidance),
                Optional.of("ddim"),
                1,
                temp.resolve("clip.mp4"),
                Optional.of(Precision.FP32),
                true);
    }

    private static <E> JobListener<E> quiet() {
        return listener(new ArrayList<>());
    }

    private static <E> JobListener<E> listener(List<E> told) {
        return new JobListener<>() {
            @Override
            public void onEvent(E event) {
                told.add(event);
            }
        };
    }
}
