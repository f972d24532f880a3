package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.train.TrainableDenoiser.Told;
import dev.zoetrope.weights.SafetensorsWriter;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;

/**
 * Trains a denoiser on cached latents. The whole state, parameters, optimiser, averages and step,
 * is saved every few minutes and when the run is cancelled; batches depend on the step alone, so a
 * run that was stopped and resumed equals one that was not.
 *
 * <p>Nothing is read back from the device but every so many steps, because that waits for it.
 */
public final class DenoiserTraining implements AutoCloseable {
    private final DenoiserTrainingRequest request;
    private final TrainableDenoiser denoiser;
    private final DenoiserObjective objective;
    private final Material material;
    private final DenoiserBatches batches;
    private final RunFolder folder;
    private final Path weights;
    private final Kernels autograd = Kernels.autograd();
    private final Kernels inference = Kernels.inference();
    private final NDManager manager = Kernels.newManager();

    private final Parameters masters;
    private final TrainingState state;

    /** What the model computes with: the masters themselves, or copies in less precision. */
    private final DenoiserLoss loss;

    private final List<NDArray> working;
    private final List<NDArray> copies = new ArrayList<>();
    private final List<NDArray> copied = new ArrayList<>();
    private final NDArray scale;
    private final NDArray shift;

    /**
     * What there is to learn from.
     *
     * @param shapes of the latents of a clip, (C, T, H, W), one for each of the request's
     * @param spread of the latents' channels
     * @param words L of the states of a caption, 0 for models without texts
     * @param channels D of those
     */
    public record Material(
            ClipCache.Reading cache,
            List<Shape> shapes,
            ClipCache.Spread spread,
            int words,
            int channels) {
        public Material {
            shapes = List.copyOf(shapes);
        }
    }

    /**
     * Starts a run, or continues the one whose state is in the folder.
     *
     * @param weights where the model is kept, which a new run begins with
     * @throws dev.zoetrope.runtime.problem.ProblemException for a saved state of another model
     */
    public DenoiserTraining(
            DenoiserTrainingRequest request,
            TrainableDenoiser denoiser,
            DenoiserObjective objective,
            Material material,
            Path weights) {
        this.request = request;
        this.denoiser = denoiser;
        this.objective = objective;
        this.material = material;
        this.batches = new DenoiserBatches(request, objective, material);
        this.weights = weights;
        this.folder = RunFolder.open(request.run());
        this.masters = zeros();
        Map<String, NDArray> inOrder = new LinkedHashMap<>();
        denoiser.parameters().keySet().forEach(key -> inOrder.put(key, masters.get(key)));
        this.state =
                new TrainingState(
                        manager,
                        inOrder,
                        inOrder.keySet().stream().filter(denoiser::learns).toList());
        try {
            if (!folder.resume(state)) {
                state.begin(WeightFile.open(weights));
            }
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
        Parameters prepared = denoiser.prepare(masters, autograd, request.precision(), manager);
        working = state.keys().stream().map(prepared::get).toList();
        for (int i = 0; i < state.keys().size(); i++) {
            if (inference.scalarType(working.get(i)) != Kernels.FLOAT32) {
                copies.add(working.get(i));
                copied.add(state.learned().get(i));
            }
        }
        working.forEach(array -> array.setRequiresGradient(true));
        TrainableDenoiser.Model model =
                request.checkpointing()
                        ? new Checkpointed(staged(prepared))
                        : denoiser.model(prepared, autograd, request.precision());
        loss = new DenoiserLoss(model, objective, autograd);
        scale = perChannel(c -> 1 / material.spread.deviation().get(c));
        shift =
                perChannel(
                        c -> -material.spread.mean().get(c) / material.spread.deviation().get(c));
    }

    private Checkpointed.Staged staged(Parameters prepared) {
        return denoiser.staged(prepared, autograd, request.precision())
                .orElseThrow(() ->
                        new Problem.ImpossibleRequest(
                                        "This denoiser is not computed in stages.",
                                        "Leave out --checkpointing, or take a smaller --batch and"
                                                + " a larger --accumulate.")
                                .asException());
    }

    /** The gradients of a loss, in the order of what is learned. */
    private List<NDArray> gradients(NDArray mean) {
        if (!(loss.model() instanceof Checkpointed checkpointed)) {
            return autograd.gradients(mean, working);
        }
        Map<String, NDArray> named = new LinkedHashMap<>();
        for (int i = 0; i < state.keys().size(); i++) {
            named.put(state.keys().get(i), working.get(i));
        }
        return checkpointed.gradients(mean, named);
    }

    private NDArray perChannel(IntToDoubleFunction number) {
        float[] values = new float[denoiser.channels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) number.applyAsDouble(i);
        }
        return manager.create(values);
    }

    /**
     * Writes the weights that a run begins with.
     *
     * @param from which the run goes on learning from; null for a run from nothing
     * @throws dev.zoetrope.runtime.problem.ProblemException when those are of another model
     */
    public static void begin(
            TrainableDenoiser denoiser, long seed, @Nullable WeightFile from, Path weights) {
        Kernels k = Kernels.inference();
        Draws draws = new Draws(new SplittableRandom(seed));
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        try (NDManager manager = Kernels.newManager()) {
            Map<String, TensorSlice> known = Map.of();
            if (from != null) {
                // What is not learned follows from the size, which may be another.
                WeightFile kept = from.without(key -> !denoiser.learns(key));
                Map<String, Shape> shapes = new LinkedHashMap<>(denoiser.parameters());
                shapes.keySet().removeIf(key -> !denoiser.learns(key));
                Parameters.check(kept, "of the configuration", shapes);
                known = kept.tensors();
            }
            Parameters learned = Parameters.map(manager, known);
            denoiser.parameters()
                    .forEach((key, shape) -> {
                        NDArray array =
                                learned.has(key)
                                        ? k.cast(learned.get(key), Kernels.FLOAT32)
                                        : manager.create(
                                                denoiser.initial(key, shape, draws), shape);
                        tensors.add(TrainingState.tensor(key, array));
                    });
            SafetensorsWriter.write(weights, tensors, Map.of("format", "pt"));
        }
    }

    private Parameters zeros() {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        denoiser.parameters().forEach((key, shape) -> arrays.put(key, manager.zeros(shape)));
        return new Parameters(arrays);
    }

    /** Steps done so far. */
    public long step() {
        return state.step();
    }

    /** Runs until the last step or until cancelled, whichever is first, and saves. */
    public void run(Consumer<? super DenoiserTrainingEvent> events, Cancellation stop)
            throws InterruptedException {
        try (BatchesAhead ahead =
                new BatchesAhead(batches::learned, step() * request.accumulate())) {
            new TrainingLoop(request, state, folder, manager)
                    .run(
                            (scratch, learningRate) -> {
                                Done done = oneStep(scratch, ahead, learningRate);
                                return seconds -> figures(done, seconds);
                            },
                            events,
                            () -> save(events, stop),
                            stop);
        }
    }

    /**
     * What a step leaves on the device.
     *
     * @param gradientNorm before clipping, a scalar
     */
    private record Done(NDArray loss, NDArray gradientNorm, double learningRate) {}

    private Done oneStep(NDManager scratch, BatchesAhead ahead, double learningRate)
            throws InterruptedException {
        List<NDArray> gradients = List.of();
        List<NDArray> losses = new ArrayList<>();
        for (int i = 0; i < request.accumulate(); i++) {
            DenoiserBatches.Batch batch = ahead.next();
            try (NDManager part = batch.manager()) {
                float[] shares = new float[request.batch()];
                Arrays.fill(shares, 1f / request.accumulate());
                NDArray mean = autograd.weightedMean(each(loss, part, batch), part.create(shares));
                List<NDArray> found = gradients(mean);
                if (gradients.isEmpty()) {
                    found.forEach(array -> array.attach(scratch));
                    gradients = found;
                } else {
                    inference.accumulate(gradients, found);
                }
                losses.add(within(scratch, mean.stopGradient()));
            }
        }
        double[] ones = new double[losses.size()];
        Arrays.fill(ones, 1);
        NDArray norm = inference.clipGradients(gradients, request.clipNorm());
        state.advance(gradients, learningRate, request.weightDecay(), request.averaging());
        if (!copies.isEmpty()) {
            inference.assignAll(copies, copied);
        }
        return new Done(inference.weightedSum(losses, ones), norm, learningRate);
    }

    /** The loss of each of a batch's clips. */
    private NDArray each(DenoiserLoss loss, NDManager part, DenoiserBatches.Batch batch) {
        NDArray clean;
        NDArray noise;
        NDArray mask = null;
        if (request.padded()) {
            PaddedBatch clips = padded(clips(batch.latents(), batch.shapes()));
            clean = clips.pixels();
            mask = clips.mask();
            noise = padded(clips(batch.noise(), batch.shapes())).pixels();
        } else {
            Shape shape =
                    new Shape(batch.shapes().size())
                            .addAll(material.shapes.get(batch.shapes().getFirst()));
            clean = batch.latents().reshape(shape);
            noise = batch.noise().reshape(shape);
        }
        return loss.each(
                autograd.rescaleChannels(clean, scale, shift),
                noise,
                batch.times().toArray(),
                batch.given(),
                told(part, batch),
                mask);
    }

    /** Each clip's numbers (C, T, H, W) by itself, fp32. */
    private List<NDArray> clips(NDArray numbers, List<Integer> shapes) {
        List<NDArray> clips = new ArrayList<>();
        long at = 0;
        for (int shape : shapes) {
            Shape one = material.shapes.get(shape);
            NDArray clip = autograd.narrow(numbers, 0, at, one.size()).reshape(one);
            clips.add(autograd.cast(clip, Kernels.FLOAT32));
            at += one.size();
        }
        return clips;
    }

    private PaddedBatch padded(List<NDArray> clips) {
        return PaddedBatch.of(clips, 1, denoiser.patch());
    }

    private Told told(NDManager part, DenoiserBatches.Batch batch) {
        int clips = batch.shapes().size();
        if (denoiser.classes() > 0) {
            // Behind the empty caption, and none behind the last class.
            long[] labels =
                    batch.captions().stream()
                            .mapToLong(place -> place < 1 ? denoiser.classes() : place - 1)
                            .toArray();
            return new Told.Labels(part.create(labels));
        }
        if (material.words == 0) {
            return new Told.Nothing();
        }
        NDArray states = batch.states().reshape(clips, material.words, material.channels);
        return new Told.Texts(
                autograd.cast(states, Kernels.FLOAT32),
                batch.words().reshape(clips, material.words));
    }

    private DenoiserTrainingEvent.Stepped figures(Done done, double secondsPerStep) {
        double loss = scalar(done.loss);
        double gradientNorm = scalar(done.gradientNorm);
        TrainingLoop.check(step(), loss, gradientNorm);
        return new DenoiserTrainingEvent.Stepped(
                step(), request.steps(), loss, gradientNorm, done.learningRate, secondsPerStep);
    }

    private static double scalar(NDArray x) {
        return x.toFloatArray()[0];
    }

    private static NDArray within(NDManager manager, NDArray array) {
        array.attach(manager);
        return array;
    }

    // States and models

    private void save(Consumer<? super DenoiserTrainingEvent> events, Cancellation stop) {
        state.write(folder.state());
        SafetensorsWriter.write(
                weights, TrainingState.tensors(state.averaged()), Map.of("format", "pt"));
        events.accept(new DenoiserTrainingEvent.StateSaved(step(), folder.state()));
        List<Supplier<DenoiserBatches.Batch>> heldOut = batches.heldOut();
        if (!heldOut.isEmpty() && !stop.isRequested()) {
            DenoiserTrainingEvent.Judged judged =
                    new DenoiserTrainingEvent.Judged(step(), lossOf(heldOut));
            folder.append(judged);
            events.accept(judged);
        }
    }

    /** The mean loss of the saved model. */
    private double lossOf(List<Supplier<DenoiserBatches.Batch>> clips) {
        double sum = 0;
        int count = 0;
        try (NDManager scratch = manager.newSubManager()) {
            Parameters averages =
                    denoiser.prepare(
                            new Parameters(state.averaged()),
                            inference,
                            request.precision(),
                            scratch);
            DenoiserLoss judge =
                    new DenoiserLoss(
                            denoiser.model(averages, inference, request.precision()),
                            objective,
                            inference);
            for (Supplier<DenoiserBatches.Batch> some : clips) {
                DenoiserBatches.Batch batch = some.get();
                try (NDManager part = batch.manager()) {
                    for (float one : each(judge, part, batch).toFloatArray()) {
                        sum += one;
                        count++;
                    }
                }
            }
        }
        return sum / count;
    }

    @Override
    public void close() {
        manager.close();
    }
}
