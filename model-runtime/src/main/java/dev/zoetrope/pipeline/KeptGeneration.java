package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.pipeline.JobFolder.Kept;
import dev.zoetrope.sampling.SamplingRun;
import dev.zoetrope.sampling.SavedRun;
import dev.zoetrope.weights.SafetensorsWriter.Tensor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a generation keeps in its job's folder: its run of the sampler as often as costs little, and
 * the clean latents that it came to.
 */
final class KeptGeneration {
    private static final String RUN = "sampling";
    private static final String LATENTS = "latents";

    private static final String STEPS = "steps";
    private static final String INDEX = "index";
    private static final String DRAWS = "draws";
    private static final String NUMBER = "number ";

    /** What keeping a run takes before that was measured. */
    private static final Duration GUESS = Duration.ofMillis(10);

    private final JobFolder folder;
    private final String work;
    private long took = GUESS.toNanos();
    private long last = System.nanoTime();

    /**
     * @param work fingerprint of all that the clip depends on
     */
    KeptGeneration(JobFolder folder, String work) {
        this.folder = folder;
        this.work = work;
    }

    /**
     * What sampling came to.
     *
     * @param latents (1, D, T', H', W')
     * @param step after which it ended
     * @param steps of the sampler
     */
    record Clean(NDArray latents, int step, int steps) {
        boolean endedEarly() {
            return step < steps;
        }
    }

    /** The run as it was last kept. */
    Optional<SavedRun> run(NDManager manager) {
        return folder.find(RUN, work)
                .map(kept -> {
                    Map<String, Double> numbers = new HashMap<>();
                    kept.facts()
                            .forEach((name, value) -> {
                                if (name.startsWith(NUMBER)) {
                                    numbers.put(
                                            name.substring(NUMBER.length()), Double.valueOf(value));
                                }
                            });
                    Map<String, NDArray> arrays = new HashMap<>();
                    kept.tensors()
                            .keySet()
                            .forEach(name -> arrays.put(name, kept.array(name, manager)));
                    return new SavedRun(
                            (int) kept.number(STEPS),
                            (int) kept.number(INDEX),
                            (int) kept.number(DRAWS),
                            numbers,
                            arrays);
                });
    }

    /** Keeps the run when so much time has passed that this costs no more than its share. */
    void keepWhenDue(SamplingRun run) {
        if (System.nanoTime() - last >= took / folder.share()) {
            keep(run);
        }
    }

    /** Keeps the run as it is between two steps. */
    void keep(SamplingRun run) {
        long start = System.nanoTime();
        SavedRun saved = run.save();
        Map<String, String> facts = new HashMap<>();
        facts.put(STEPS, String.valueOf(saved.steps()));
        facts.put(INDEX, String.valueOf(saved.index()));
        facts.put(DRAWS, String.valueOf(saved.draws()));
        saved.numbers().forEach((name, value) -> facts.put(NUMBER + name, value.toString()));
        List<Tensor> tensors = new ArrayList<>();
        saved.arrays().forEach((name, array) -> tensors.add(JobFolder.tensor(name, array)));
        folder.keep(RUN, work, tensors, facts);
        last = System.nanoTime();
        took = last - start;
    }

    /** What sampling came to, when it has ended. */
    Optional<Clean> clean(NDManager manager) {
        return folder.find(LATENTS, work).map(kept -> clean(kept, manager));
    }

    private static Clean clean(Kept kept, NDManager manager) {
        return new Clean(
                kept.array(LATENTS, manager), (int) kept.number(INDEX), (int) kept.number(STEPS));
    }

    /** Keeps what sampling came to. */
    void keep(Clean clean) {
        folder.keep(
                LATENTS,
                work,
                List.of(JobFolder.tensor(LATENTS, clean.latents)),
                Map.of(INDEX, String.valueOf(clean.step), STEPS, String.valueOf(clean.steps)));
    }
}
