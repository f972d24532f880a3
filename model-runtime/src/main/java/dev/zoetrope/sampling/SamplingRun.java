package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;

import java.util.HashMap;
import java.util.Map;

/**
 * Latents on their way from noise to clean. Between any two steps a run can be saved, and a
 * restored one ends in the same bits.
 */
public final class SamplingRun implements AutoCloseable {
    private static final String X = "x";
    private static final String CLEAN = "clean";

    private final NDManager manager;
    private final Plan plan;
    private final int asked;
    private final NoiseSource noise;
    private RunState state;

    private SamplingRun(
            NDManager manager, Plan plan, int asked, NoiseSource noise, RunState state) {
        this.manager = manager;
        this.plan = plan;
        this.asked = asked;
        this.noise = noise;
        this.state = state;
    }

    static SamplingRun start(
            NDManager owner, Plan plan, int asked, Shape shape, NoiseSource noise) {
        NDManager manager = owner.newSubManager();
        NDArray z = noise.draw(manager, shape);
        NDArray x = plan.noiseScale() == 1 ? z : z.mul((float) plan.noiseScale());
        return new SamplingRun(
                manager, plan, asked, noise, new RunState(0, 1, x, x, Map.of(), Map.of()));
    }

    static SamplingRun restore(NDManager owner, Plan plan, SavedRun saved, NoiseSource noise) {
        NDManager manager = owner.newSubManager();
        Map<String, NDArray> arrays = new HashMap<>();
        saved.arrays()
                .forEach((name, array) -> {
                    NDArray copy = Kernels.inference().copy(array);
                    copy.attach(manager);
                    arrays.put(name, copy);
                });
        NDArray x = arrays.remove(X);
        NDArray clean = arrays.remove(CLEAN);
        if (x == null || clean == null) {
            throw new IllegalArgumentException("a saved run without latents");
        }
        for (int i = 0; i < saved.draws(); i++) {
            noise.draw(manager, x.getShape()).close();
        }
        return new SamplingRun(
                manager,
                plan,
                saved.steps(),
                noise,
                new RunState(saved.index(), saved.draws(), x, clean, arrays, saved.numbers()));
    }

    /** How many steps were taken. */
    public int index() {
        return state.index();
    }

    /** How many steps there are; a step is mostly one evaluation of the model. */
    public int steps() {
        return plan.times().length;
    }

    public boolean isFinished() {
        return index() == steps();
    }

    /** The latents so far, fp32; they belong to the run and last until the next step. */
    public NDArray sample() {
        return state.x();
    }

    /**
     * The clean latents as the last step saw them ahead, for previews; before the first step the
     * noise. They belong to the run and last until the next step.
     */
    public NDArray predictedClean() {
        return state.clean();
    }

    /**
     * Takes the next step. When it fails or is cancelled, the run can still be saved as it was
     * before the step.
     */
    public void step(Denoiser denoiser) {
        if (isFinished()) {
            throw new IllegalStateException("all " + steps() + " steps are taken");
        }
        RunState next = state;
        try (NDManager scratch = manager.newSubManager()) {
            try {
                state.attach(scratch);
                Step step = new Step(state, scratch, denoiser, noise);
                next = step.after(plan.step(step));
            } finally {
                next.attach(manager);
            }
        }
        state = next;
    }

    /** Everything needed to go on from here with {@link Sampler#restore}. */
    public SavedRun save() {
        Map<String, NDArray> arrays = new HashMap<>(state.arrays());
        arrays.put(X, state.x());
        arrays.put(CLEAN, state.clean());
        return new SavedRun(asked, state.index(), state.draws(), state.numbers(), arrays);
    }

    @Override
    public void close() {
        manager.close();
    }
}
