package dev.zoetrope.pipeline;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.prompt.Tokenizers;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.device.DeviceMemory;
import dev.zoetrope.runtime.device.OtherPrograms;
import dev.zoetrope.runtime.device.ProcessorTime;
import dev.zoetrope.runtime.estimate.CalibrationEvent;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.estimate.Estimator;
import dev.zoetrope.runtime.estimate.Room;
import dev.zoetrope.runtime.estimate.Workload;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.JudgedClip;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.ModelEvaluationRequest;
import dev.zoetrope.runtime.job.JobQueue.Work;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.reconstruction.CodecEvaluation;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.TrainingEvent;
import dev.zoetrope.train.CodecTraining;
import dev.zoetrope.train.RunFolder;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The work behind each request. What is given a folder keeps there what it needs to go on after its
 * process has ended: given the same request and folder again, it comes to the same result, bit for
 * bit. Trainings keep that in their run's folder. It has tokenizers open until it is closed.
 */
public final class Workshop implements AutoCloseable {
    private final UserFolders folders;
    private final DeviceMemory device;
    private final OtherPrograms others;
    private final CheckpointStore checkpoints;
    private final Tokenizers tokenizers = new Tokenizers();

    /** Opens nothing yet: libtorch is loaded by the first work that runs. */
    public Workshop(UserFolders folders) {
        this(folders, Kernels::deviceMemory, new ProcessorTime());
    }

    /**
     * @param device what is said of the memory of the device
     * @param others what is said of who else wants the processors
     */
    Workshop(UserFolders folders, DeviceMemory device, OtherPrograms others) {
        this.folders = folders;
        this.device = device;
        this.others = others;
        this.checkpoints = new CheckpointStore(folders.models());
    }

    CheckpointStore checkpoints() {
        return checkpoints;
    }

    /** A request brought to what its model can make; no weight is read for it. */
    Preparation prepare(GenerationRequest request) {
        return GenerationPlanner.prepare(
                request, GenerationModel.open(checkpoints.find(request.model())), tokenizers);
    }

    ModelAbilities abilities(String model) {
        return GenerationModel.open(checkpoints.find(model)).abilities();
    }

    /**
     * Whatever is asked for.
     *
     * @param previewEvery as {@link dev.zoetrope.runtime.ModelRuntime#generate} has it
     * @param folder of this job alone, which need not exist
     */
    public Work<?> of(JobRequest request, Optional<Duration> previewEvery, Path folder) {
        return switch (request) {
            case GenerationRequest r -> generation(r, previewEvery, folder);
            case ReconstructionRequest r -> reconstruction(r, folder);
            case CodecTrainingRequest r -> codecTraining(r);
            case DenoiserTrainingRequest r -> denoiserTraining(r);
            case EvaluationRequest r -> codecEvaluation(r);
            case ModelEvaluationRequest r -> modelEvaluation(r);
            case CalibrationRequest r -> calibration(r);
            default -> throw new IllegalArgumentException("no work for " + request);
        };
    }

    /** What it takes is kept for estimates. */
    Work<GenerationEvent> generation(
            GenerationRequest request, Optional<Duration> previewEvery, Path folder) {
        return (events, stop) -> {
            long start = System.nanoTime();
            Preparation prepared = prepare(request);
            var timed = new TimedGeneration(start, prepared, folders, device, others, events);
            generation(prepared, previewEvery, folder).run(timed, stop);
        };
    }

    Work<GenerationEvent> untimedGeneration(
            GenerationRequest request, Optional<Duration> previewEvery, Path folder) {
        return (events, stop) ->
                generation(prepare(request), previewEvery, folder).run(events, stop);
    }

    private Work<GenerationEvent> generation(
            Preparation prepared, Optional<Duration> previewEvery, Path folder) {
        return (events, stop) ->
                new GenerationPipeline(
                                prepared,
                                new PromptCache(folders.prompts()),
                                JobFolder.at(folder),
                                previewEvery,
                                Kernels.inference(),
                                events::onEvent,
                                stop)
                        .run();
    }

    /** What it takes is kept for estimates. */
    Work<ReconstructionEvent> reconstruction(ReconstructionRequest request, Path folder) {
        return (events, stop) -> {
            CodecCheckpoint codec = CodecCheckpoint.open(checkpoints.find(request.codec()));
            var timed = new TimedReconstruction(request, codec, folders, device, others, events);
            new ReconstructionPipeline(
                            request,
                            codec,
                            Kernels.precision(request.precision()),
                            JobFolder.at(folder),
                            Kernels.inference(),
                            timed::onEvent,
                            stop)
                    .run();
        };
    }

    Work<TrainingEvent> codecTraining(CodecTrainingRequest request) {
        return (events, stop) -> {
            ClipSource source = Dataset.of(request.datasets());
            try (CodecTraining training = new CodecTraining(request, source, beginning(request))) {
                training.run(events::onEvent, stop);
            }
            stop.check();
        };
    }

    /** What a new run starts with; a run that goes on has no use for it. */
    private @Nullable WeightFile beginning(CodecTrainingRequest request) {
        return request.from() == null || RunFolder.hasState(request.run())
                ? null
                : CodecCheckpoint.open(checkpoints.find(request.from())).weights();
    }

    Work<DenoiserTrainingEvent> denoiserTraining(DenoiserTrainingRequest request) {
        return (events, stop) ->
                new DenoiserTrainingPipeline(
                                request,
                                checkpoints,
                                () -> Dataset.captioned(request.datasets(), request.fps()),
                                new PromptCache(folders.prompts()),
                                events::onEvent,
                                stop)
                        .run();
    }

    Work<CodecEvaluation> codecEvaluation(EvaluationRequest request) {
        return (events, stop) ->
                new CodecEvaluator(
                                request,
                                CodecCheckpoint.open(checkpoints.find(request.codec())),
                                Kernels.precision(request.precision()),
                                Dataset.of(request.datasets()))
                        .run(events::onEvent, stop);
    }

    Work<JudgedClip> modelEvaluation(ModelEvaluationRequest request) {
        return (events, stop) ->
                new ModelEvaluator(
                                request,
                                GenerationModel.open(checkpoints.find(request.model())),
                                new PromptCache(folders.prompts()),
                                tokenizers,
                                Dataset.of(List.of(request.dataset())))
                        .run(events::onEvent, stop);
    }

    Work<CalibrationEvent> calibration(CalibrationRequest request) {
        return new Calibration(request, folders);
    }

    /** What a generation will take, by what others have taken so far. */
    Estimate estimate(GenerationRequest request) {
        return estimate(
                GenerationWork.of(
                        prepare(request),
                        new PromptCache(folders.prompts()),
                        device.now().isPresent()),
                request.output());
    }

    /** What a reconstruction will take, by what others have taken so far. */
    Estimate estimate(ReconstructionRequest request) {
        try (FrameReader reader = FrameReader.open(request.input())) {
            return estimate(
                    ReconstructionWork.of(
                            request,
                            CodecCheckpoint.open(checkpoints.find(request.codec())),
                            Kernels.precision(request.precision()),
                            reader.info(),
                            device.now().isPresent()),
                    request.output());
        }
    }

    private Estimate estimate(Workload load, Path output) {
        return new Estimator(new Timings(folders.timings()).all())
                .of(load, Room.at(output, device));
    }

    @Override
    public void close() {
        tokenizers.close();
    }
}
