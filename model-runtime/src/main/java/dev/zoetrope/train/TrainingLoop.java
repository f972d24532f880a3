package dev.zoetrope.train;

import ai.djl.ndarray.NDManager;

import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.training.TrainingRequest;

import java.util.function.Consumer;
import java.util.function.DoubleFunction;

/**
 * The steps of a training, of whatever model: when they are told of, when the state is saved, and
 * when it ends.
 *
 * @param folder whose metrics get what is told
 * @param manager parent of those that own what a step leaves
 */
record TrainingLoop(
        TrainingRequest request, TrainingState state, RunFolder folder, NDManager manager) {
    /** One step. */
    @FunctionalInterface
    interface Step<E> {
        /**
         * Takes it. What it leaves on the device may still be under way: reading any of it waits.
         *
         * @param scratch lives until the figures have been read, or nobody will
         * @return its figures, given the seconds a step took
         */
        DoubleFunction<E> take(NDManager scratch, double learningRate) throws InterruptedException;
    }

    /** Runs until the last step, or until it is to stop or to finish early, and saves. */
    <E> void run(Step<E> step, Consumer<? super E> events, Runnable save, Cancellation stop)
            throws InterruptedException {
        LearningRate rate =
                new LearningRate(request.learningRate(), request.warmup(), request.steps());
        long lastSave = System.nanoTime();
        long lastReport = lastSave;
        long reported = state.step();
        boolean goesOn = !isOver(stop);
        while (goesOn) {
            try (NDManager scratch = manager.newSubManager()) {
                DoubleFunction<E> done = step.take(scratch, rate.at(state.step()));
                boolean saves = System.nanoTime() - lastSave > request.saveMinutes() * 60e9;
                boolean tells = saves || isOver(stop) || state.step() % request.logEvery() == 0;
                if (tells) {
                    double seconds = (System.nanoTime() - lastReport) / 1e9;
                    E figures = done.apply(seconds / (state.step() - reported));
                    events.accept(figures);
                    folder.append(figures);
                    lastReport = System.nanoTime();
                    reported = state.step();
                }
                // A step that nobody has looked at is not saved as the last.
                goesOn = !(tells && isOver(stop));
                if (saves && goesOn) {
                    save.run();
                    lastSave = System.nanoTime();
                }
            }
        }
        save.run();
    }

    private boolean isOver(Cancellation stop) {
        return state.step() >= request.steps() || stop.isRequested() || stop.isFinishingEarly();
    }

    /**
     * Looks at a step's figures.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when one is no number; once one is not,
     *     none of a later step is
     */
    static void check(long step, double loss, double gradientNorm) {
        if (!Double.isFinite(loss) || !Double.isFinite(gradientNorm)) {
            throw new Impossible.TrainingDiverged(step, loss, gradientNorm).asException();
        }
    }
}
