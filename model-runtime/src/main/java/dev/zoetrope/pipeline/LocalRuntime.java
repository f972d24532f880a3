package dev.zoetrope.pipeline;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.BundledModel;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.device.Equipment;
import dev.zoetrope.runtime.estimate.CalibrationEvent;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.JudgedClip;
import dev.zoetrope.runtime.generation.ModelEvaluationRequest;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobQueue;
import dev.zoetrope.runtime.recipe.Recipe;
import dev.zoetrope.runtime.reconstruction.CodecEvaluation;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.LossPoint;
import dev.zoetrope.runtime.training.TrainingEvent;
import dev.zoetrope.runtime.training.TrainingRequest;
import dev.zoetrope.train.RunFolder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Does the work in this process. */
public final class LocalRuntime implements ModelRuntime {
    private final UserFolders folders;
    private final Workshop workshop;
    private final CheckpointStore checkpoints;
    private final JobQueue queue = new JobQueue();

    private LocalRuntime(UserFolders folders) {
        this.folders = folders;
        this.workshop = new Workshop(folders);
        this.checkpoints = workshop.checkpoints();
    }

    /** Opens nothing yet: libtorch is loaded with the first job. */
    public static LocalRuntime open(UserFolders folders) {
        return new LocalRuntime(folders);
    }

    /** Where its work comes from; closed with it. */
    public Workshop workshop() {
        return workshop;
    }

    @Override
    public List<String> codecs() {
        return checkpoints.names().stream()
                .filter(name ->
                        checkpoints
                                .kind(name)
                                .map(kind -> kind == BundledModel.Kind.CODEC)
                                .orElse(true))
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
        return ClipSource.installed().stream().map(ClipSource::name).sorted().toList();
    }

    @Override
    public Equipment equipment() {
        return new Equipment(Kernels.devices(), Kernels.precisions(), Kernels.threads());
    }

    @Override
    public Optional<TrainingRequest> training(Path run) {
        return RunFolder.training(run);
    }

    @Override
    public List<LossPoint> losses(Path run) {
        return RunFolder.losses(run);
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
    public Optional<Recipe> recipe(Path clip) {
        return Recipe.of(clip);
    }

    @Override
    public GenerationPlan plan(GenerationRequest request) {
        return workshop.prepare(request).plan();
    }

    @Override
    public Job generate(
            GenerationRequest request,
            Optional<Duration> previewEvery,
            JobListener<GenerationEvent> listener) {
        return inFolder(folder -> workshop.generation(request, previewEvery, folder), listener);
    }

    @Override
    public Estimate estimate(GenerationRequest request) {
        return workshop.estimate(request);
    }

    @Override
    public Estimate estimateReconstruction(ReconstructionRequest request) {
        return workshop.estimate(request);
    }

    @Override
    public Job calibrate(CalibrationRequest request, JobListener<CalibrationEvent> listener) {
        return queue.submit(workshop.calibration(request), listener);
    }

    @Override
    public Job reconstruct(
            ReconstructionRequest request, JobListener<ReconstructionEvent> listener) {
        return inFolder(folder -> workshop.reconstruction(request, folder), listener);
    }

    /** Nobody goes on with a job of this process, so what it kept goes when it ends. */
    private <E> Job inFolder(Function<Path, JobQueue.Work<E>> work, JobListener<E> listener) {
        return queue.submit(
                (events, stop) -> {
                    Files.createDirectories(folders.cache());
                    Path folder = Files.createTempDirectory(folders.cache(), "job-");
                    try {
                        work.apply(folder).run(events, stop);
                    } finally {
                        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
                    }
                },
                listener);
    }

    @Override
    public Job trainCodec(CodecTrainingRequest request, JobListener<TrainingEvent> listener) {
        return queue.submit(workshop.codecTraining(request), listener);
    }

    @Override
    public Job trainDenoiser(
            DenoiserTrainingRequest request, JobListener<DenoiserTrainingEvent> listener) {
        return queue.submit(workshop.denoiserTraining(request), listener);
    }

    @Override
    public Job evaluateCodec(EvaluationRequest request, JobListener<CodecEvaluation> listener) {
        return queue.submit(workshop.codecEvaluation(request), listener);
    }

    @Override
    public Job evaluateModel(ModelEvaluationRequest request, JobListener<JudgedClip> listener) {
        return queue.submit(workshop.modelEvaluation(request), listener);
    }

    @Override
    public void close() {
        queue.close();
        workshop.close();
    }
}
