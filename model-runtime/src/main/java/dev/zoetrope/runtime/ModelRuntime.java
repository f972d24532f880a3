package dev.zoetrope.runtime;

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
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.recipe.Recipe;
import dev.zoetrope.runtime.reconstruction.CodecEvaluation;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.LossPoint;
import dev.zoetrope.runtime.training.TrainingEvent;
import dev.zoetrope.runtime.training.TrainingRequest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything Zoetrope can do with a model. Calls return at once; the work runs on the device's own
 * thread, one job at a time, and is told of through a {@link JobListener}.
 */
public interface ModelRuntime extends AutoCloseable {
    /** Names of the installed codecs, the default first. */
    List<String> codecs();

    /** Names of the installed models that make clips, the default first. */
    List<String> generators();

    /** Names of the text encoders that came with Zoetrope, the default first. */
    List<String> textEncoders();

    /** Names of the installed sources of clips to learn from. */
    List<String> datasets();

    /**
     * What there is to compute with. Loads libtorch.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when a device is asked for that there
     *     is not
     */
    Equipment equipment();

    /**
     * What the training in a run folder was last asked for; empty where there is nothing in the
     * folder to go on from.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when it cannot be read
     */
    Optional<TrainingRequest> training(Path run);

    /**
     * The losses that the training in a run folder told until its state was last saved, where it
     * would go on; none where there is nothing in the folder to go on from.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when they cannot be read
     */
    List<LossPoint> losses(Path run);

    /**
     * What a weight file or a model folder is, and what can be made with it. Reads descriptions of
     * tensors only.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when it is damaged, or not what its
     *     configuration says
     */
    Inspection inspect(Path place);

    /**
     * How a clip was made, as it says itself; empty when it does not.
     *
     * @param clip a video, an animation or a folder of PNG frames
     * @throws dev.zoetrope.runtime.problem.ProblemException when it cannot be read, or what it says
     *     is damaged
     */
    Optional<Recipe> recipe(Path clip);

    /**
     * What a request comes to with its model: sizes and lengths that it can make, and what was left
     * unsaid. Reads descriptions of the model's files only.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when the model cannot make anything
     *     like it, naming what it can
     */
    GenerationPlan plan(GenerationRequest request);

    /**
     * What a clip will take, by what work on this machine has taken so far. Makes nothing, and is
     * surer after a {@link #calibrate calibration} with the model.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException as {@link #plan}
     */
    Estimate estimate(GenerationRequest request);

    /**
     * What a reconstruction will take, likewise. Reads what the video's file says of it.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when there is no such codec, or the
     *     video cannot be read
     */
    Estimate estimateReconstruction(ReconstructionRequest request);

    /** Makes small clips with a model, for about a minute, so that estimates can be learned. */
    Job calibrate(CalibrationRequest request, JobListener<CalibrationEvent> listener);

    /**
     * Makes a clip.
     *
     * @param previewEvery at least so far apart are previews of what it will look like; empty for
     *     none
     */
    Job generate(
            GenerationRequest request,
            Optional<Duration> previewEvery,
            JobListener<GenerationEvent> listener);

    /** Compresses a video with a codec and rebuilds it. */
    Job reconstruct(ReconstructionRequest request, JobListener<ReconstructionEvent> listener);

    /**
     * Trains a codec, going on from the state in the request's run folder where there is one.
     * Cancelling saves the state first.
     */
    Job trainCodec(CodecTrainingRequest request, JobListener<TrainingEvent> listener);

    /**
     * Trains a denoiser, going on from the state in the request's run folder where there is one,
     * and from what of its clips and captions is there already. The folder is a model folder as
     * soon as the first event comes. Cancelling saves the state first.
     */
    Job trainDenoiser(DenoiserTrainingRequest request, JobListener<DenoiserTrainingEvent> listener);

    /** Rebuilds clips of a data set; tells how close they came after each. */
    Job evaluateCodec(EvaluationRequest request, JobListener<CodecEvaluation> listener);

    /** Makes clips of a data set's captions; tells after each what its critic saw. */
    Job evaluateModel(ModelEvaluationRequest request, JobListener<JudgedClip> listener);

    /** The queue that its jobs are in; empty where they end with the process. */
    default Optional<JobLedger> ledger() {
        return Optional.empty();
    }

    /**
     * Hears of a clip that is in the {@linkplain #ledger queue}: of what was told last, then of all
     * that comes.
     *
     * @param previewEvery as {@link #generate} has it
     * @throws IllegalArgumentException where there is no queue that it could be in
     */
    default Job watch(
            String job, Optional<Duration> previewEvery, JobListener<GenerationEvent> listener) {
        throw new IllegalArgumentException("there is no queue that %s is in".formatted(job));
    }

    /**
     * Lets go of it. Work of this process is cancelled and waited for; an engine goes on with what
     * it has been given.
     */
    @Override
    void close();
}
