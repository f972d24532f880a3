package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.VideoGptVqVae;
import dev.zoetrope.model.codec.VideoGptVqVae.Norms;
import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.TrainingEvent;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Trains a {@link VideoGptVqVae}. The whole state, parameters, optimiser, averages and step, is
 * saved every few minutes and when the run is cancelled; clips and draws depend on the step alone,
 * so a run that was stopped and resumed equals one that was not.
 */
public final class CodecTraining implements AutoCloseable {
    /** The step, which no run comes to, whose clips are on the sheets. */
    private static final long SHEET = Long.MAX_VALUE / 8192;

    private final CodecTrainingRequest request;
    private final VideoGptVqVaeConfig config;
    private final RunFolder folder;
    private final ClipSource source;
    private final Kernels autograd = Kernels.autograd();
    private final Kernels inference = Kernels.inference();
    private final NDManager manager = Kernels.newManager();

    private final Parameters parameters;
    private final TrainingState state;

    /**
     * Starts a run, or continues the one whose state is in the folder.
     *
     * @param from what a new run starts with; null draws it
     * @throws dev.zoetrope.runtime.problem.ProblemException for sizes that no model can have, and
     *     for weights or a saved state of another model
     */
    public CodecTraining(
            CodecTrainingRequest request, ClipSource source, @Nullable WeightFile from) {
        this.request = request;
        this.source = source;
        this.config = config(request);
        this.folder = RunFolder.open(request.run());
        this.parameters = CodecInitialization.draw(config, request.seed(), manager);
        Map<String, NDArray> inOrder = new LinkedHashMap<>();
        config.parameters().keySet().forEach(key -> inOrder.put(key, parameters.get(key)));
        this.state =
                new TrainingState(
                        manager,
                        inOrder,
                        inOrder.keySet().stream().filter(CodecObjective::isTrainable).toList());
        try {
            if (!folder.resume(state)) {
                if (from != null) {
                    state.begin(from);
                } else {
                    state.begin();
                }
            }
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
        folder.save(request);
        state.learned().forEach(array -> array.setRequiresGradient(true));
    }

    private static VideoGptVqVaeConfig config(CodecTrainingRequest r) {
        try {
            return new VideoGptVqVaeConfig(
                    r.embedding(),
                    r.codes(),
                    r.hidden(),
                    r.residualLayers(),
                    r.downsample(),
                    r.codeGroups());
        } catch (IllegalArgumentException e) {
            throw new Problem.ImpossibleRequest(
                            "No codec has these sizes: " + e.getMessage() + ".",
                            "Factors are powers of two, at least one of them 4 or more; the width of a latent is a multiple of the groups of codes.")
                    .asException(e);
        }
    }

    /** Steps done so far. */
    public long step() {
        return state.step();
    }

    /** Runs until the last step or until cancelled, whichever is first, and saves. */
    public void run(Consumer<? super TrainingEvent> events, Cancellation stop)
            throws InterruptedException {
        CodecObjective objective =
                new CodecObjective(
                        config,
                        parameters,
                        request.precision(),
                        request.l1Weight(),
                        request.restartBelow() == null
                                ? Restarts.REFERENCE
                                : Restarts.forgetting(request.restartBelow()));
        try (ClipLoader loader = new ClipLoader(request, source, step())) {
            new TrainingLoop(request, state, folder, manager)
                    .run(
                            (scratch, learningRate) -> {
                                NDArray x = pixels(scratch, loader.next(), autograd);
                                Done done = oneStep(objective, x, learningRate);
                                return seconds -> figures(done, seconds);
                            },
                            events,
                            () -> save(events),
                            stop);
        }
    }

    /**
     * What a step leaves on the device.
     *
     * @param gradientNorm before clipping, a scalar
     */
    private record Done(
            CodecObjective.Pass pass,
            boolean quantized,
            NDArray gradientNorm,
            double learningRate) {}

    private Done oneStep(CodecObjective objective, NDArray x, double learningRate) {
        boolean quantized = step() >= request.unquantizedSteps();
        Norms norms = step() < request.freezeNormsAfter() ? Norms.BATCH : Norms.RUNNING;
        CodecObjective.Pass pass =
                quantized
                        ? objective.quantized(
                                x,
                                norms,
                                request.from() == null && step() == request.unquantizedSteps(),
                                CodebookDraws.seeded(request.seed(), step()))
                        : objective.unquantized(x, norms);
        List<NDArray> gradients = autograd.gradients(pass.total(), state.learned());
        NDArray norm = inference.clipGradients(gradients, request.clipNorm());
        state.advance(gradients, learningRate, request.weightDecay(), request.averaging());
        return new Done(pass, quantized, norm, learningRate);
    }

    private TrainingEvent.Stepped figures(Done done, double secondsPerStep) {
        CodecObjective.Pass pass = done.pass();
        double loss = scalar(pass.total().stopGradient());
        double gradientNorm = scalar(done.gradientNorm());
        TrainingLoop.check(step(), loss, gradientNorm);
        double squaredError =
                scalar(pass.reconstructionLoss().stopGradient()) * CodecObjective.PIXEL_VARIANCE;
        boolean quantized = done.quantized();
        return new TrainingEvent.Stepped(
                step(),
                request.steps(),
                loss,
                -10 * Math.log10(squaredError),
                quantized ? scalar(pass.commitmentLoss().stopGradient()) : 0,
                quantized ? scalar(pass.perplexity()) : 0,
                quantized ? (int) inference.codesUsed(pass.codes(), config.nCodes()).getLong() : 0,
                quantized ? (int) scalar(pass.restarted()) : 0,
                gradientNorm,
                done.learningRate(),
                secondsPerStep);
    }

    private static NDArray pixels(NDManager manager, ClipLoader.Batch batch, Kernels k) {
        Shape shape =
                new Shape(
                        batch.clips(),
                        batch.shape().frames(),
                        batch.shape().height(),
                        batch.shape().width(),
                        3);
        return k.pixelsFromBytes(
                manager.create(batch.rgb(), shape, DataType.UINT8), 1 / 255.0, -0.5);
    }

    private static double scalar(NDArray x) {
        return x.toFloatArray()[0];
    }

    // States and models

    private void save(Consumer<? super TrainingEvent> events) {
        state.write(folder.state());
        Parameters model = new Parameters(state.averaged());
        folder.saveModel(config, TrainingState.tensors(model.arrays()));
        events.accept(new TrainingEvent.StateSaved(step(), folder.state()));
        events.accept(new TrainingEvent.Sampled(step(), sheet(model)));
    }

    /** A few clips through the model as it would be used. */
    private Path sheet(Parameters model) {
        try (NDManager scratch = manager.newSubManager()) {
            ClipLoader.Batch batch = ClipLoader.batch(request, source, SHEET);
            Map<String, NDArray> copies = new LinkedHashMap<>();
            config.parameters()
                    .keySet()
                    .forEach(key -> {
                        NDArray copy = inference.copy(model.get(key));
                        copy.attach(scratch);
                        copies.put(key, copy);
                    });
            Parameters prepared =
                    VideoGptVqVae.prepare(
                            new Parameters(copies), inference, Precision.FP32, scratch);
            VideoGptVqVae codec =
                    new VideoGptVqVae(config, prepared, inference, Precision.FP32, Norms.RUNNING);
            NDArray x = pixels(scratch, batch, inference);
            NDArray y = codec.decode(codec.encode(x));
            return folder.saveSheet(step(), batch.shape(), bytes(x), bytes(y));
        }
    }

    private List<byte[]> bytes(NDArray x) {
        List<byte[]> clips = new ArrayList<>();
        for (long i = 0; i < x.getShape().get(0); i++) {
            clips.add(
                    inference
                            .bytesFromPixels(inference.narrow(x, 0, i, 1), -0.5, 0.5)
                            .toByteArray());
        }
        return clips;
    }

    @Override
    public void close() {
        manager.close();
    }
}
