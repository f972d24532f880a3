package dev.zoetrope.pipeline;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.BundledModel;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.JudgedClip;
import dev.zoetrope.runtime.generation.ModelEvaluationRequest;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobQueue;
import dev.zoetrope.runtime.reconstruction.CodecEvaluation;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.TrainingEvent;
import dev.zoetrope.runtime.training.TrainingRequest;
import dev.zoetrope.train.CodecTraining;
import dev.zoetrope.train.RunFolder;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Does the work in this process. */
public final class LocalRuntime implements ModelRuntime {
    private final UserFolders folders;
    private final CheckpointStore checkpoints;
    private final JobQueue queue = new JobQueue();

    private LocalRuntime(UserFolders folders) {
        this.folders = folders;
        this.checkpoints = new CheckpointStore(folders.models());
    }

    /** Opens nothing yet: libtorch is loaded with the first job. */
    public static LocalRuntime open(UserFolders folders) {
        return new LocalRuntime(folders);
    }

    @Override
    public List<String> codecs() {
        return checkpoints.names().stream()
                .filter(name ->
                        !checkpoints.kind(name).equals(Optional.of(BundledModel.Kind.TEXT_ENCODER)))
                .toList();
    }

    @Override
    public List<String> generators() {
        return checkpoints.names().stream().filter(this::makesClips).toList();
    }

    @Override
    public List<String> textEncoders() {
        return checkpoints.names().stream()
                .filter(name ->
                        checkpoints.kind(name).equals(Optional.of(BundledModel.Kind.TEXT_ENCODER)))
                .toList();
    }

    @Override
    public List<String> datasets() {
        return Dataset.installed().stream().map(ClipSource::name).sorted().toList();
    }

    @Override
    public Optional<TrainingRequest> training(Path run) {
        return RunFolder.training(run);
    }

    /** Of what came with Zoetrope that is known without unpacking it. */
    private boolean makesClips(String name) {
        return checkpoints
                .kind(name)
                .map(kind -> kind == BundledModel.Kind.GENERATOR)
                .orElseGet(() -> GenerationModel.isOne(checkpoints.find(name)));
    }

    @Override
    public Inspection inspect(Path place) {
        return ModelInspector.inspect(place);
    }

    @Override
    public GenerationPlan plan(GenerationRequest request) {
        return GenerationPlanner.prepare(request, model(request)).plan();
    }

    @Override
    public Job generate(
            GenerationRequest request,
            Optional<Duration> previewEvery,
            JobListener<GenerationEvent> listener) {
        return queue.submit(
                (events, stop) ->
                        new GenerationPipeline(
                                        request,
                                        model(request),
                                        new PromptCache(folders.prompts()),
                                        previewEvery,
                                        events::onEvent,
                                        stop)
                                .run(),
                listener);
    }

    private GenerationModel model(GenerationRequest request) {
        return GenerationModel.open(checkpoints.find(request.model()));
    }

    @Override
    public Job reconstruct(
            ReconstructionRequest request, JobListener<ReconstructionEvent> listener) {
        return queue.submit(
                (events, stop) -> {
                    CodecCheckpoint checkpoint =
                            CodecCheckpoint.open(checkpoints.find(request.codec()));
                    Precision precision = Kernels.precision(request.precision());
                    new ReconstructionPipeline(
                                    request, checkpoint, precision, events::onEvent, stop)
                            .run();
                },
                listener);
    }

    @Override
    public Job trainCodec(CodecTrainingRequest request, JobListener<TrainingEvent> listener) {
        return queue.submit(
                (events, stop) -> {
                    ClipSource source = Dataset.of(request.datasets());
                    try (CodecTraining training =
                            new CodecTraining(request, source, beginning(request))) {
                        training.run(events::onEvent, stop);
                    }
                    stop.check();
                },
                listener);
    }

    @Override
    public Job trainDenoiser(
            DenoiserTrainingRequest request, JobListener<DenoiserTrainingEvent> listener) {
        return queue.submit(
                (events, stop) ->
                        new DenoiserTrainingPipeline(
                                        request,
                                        checkpoints,
                                        () -> Dataset.captioned(request.datasets(), request.fps()),
                                        new PromptCache(folders.prompts()),
                                        events::onEvent,
                                        stop)
                                .run(),
                listener);
    }

    /** What a new run starts with; a run that goes on has no use for it. */
    private @Nullable WeightFile beginning(CodecTrainingRequest request) {
        return request.from() == null || RunFolder.hasState(request.run())
                ? null
                : CodecCheckpoint.open(checkpoints.find(request.from())).weights();
    }

    @Override
    public Job evaluateCodec(EvaluationRequest request, JobListener<CodecEvaluation> listener) {
        return queue.submit(
                (events, stop) -> {
                    CodecCheckpoint checkpoint =
                            CodecCheckpoint.open(checkpoints.find(request.codec()));
                    Precision precision = Kernels.precision(request.precision());
                    ClipSource source = Dataset.of(request.datasets());
                    new CodecEvaluator(request, checkpoint, precision, source)
                            .run(events::onEvent, stop);
                },
                listener);
    }

    @Override
    public Job evaluateModel(ModelEvaluationRequest request, JobListener<JudgedClip> listener) {
        return queue.submit(
                (events, stop) ->
                        new ModelEvaluator(
                                        request,
                                        GenerationModel.open(checkpoints.find(request.model())),
                                        new PromptCache(folders.prompts()),
                                        Dataset.of(List.of(request.dataset())))
                                .run(events::onEvent, stop),
                listener);
    }

    @Override
    public void close() {
        queue.close();
    }
}
