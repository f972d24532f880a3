package dev.zoetrope.engine;

import dev.zoetrope.engine.protocol.EngineGrpc;
import dev.zoetrope.engine.protocol.EngineGrpc.EngineBlockingStub;
import dev.zoetrope.engine.protocol.Following;
import dev.zoetrope.engine.protocol.Question;
import dev.zoetrope.engine.protocol.QueueCommand;
import dev.zoetrope.engine.protocol.Submission;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.device.Computing;
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
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
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

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Has the work done by an engine, which is started when there is none, and again when it was lost:
 * its jobs go on by themselves, and those who listen to them hear of a job anew from where it went
 * on. Frames that come faster than they are taken are left out; the finished files have them all.
 * Closing it leaves the jobs to the engine.
 */
public final class EngineClient implements ModelRuntime, JobLedger {
    /** An engine that was lost has this many successors before the call fails. */
    private static final int MOST_SUCCESSORS = 3;

    private final EngineLink link;

    private EngineClient(EngineLink link) {
        this.link = link;
    }

    /** Over the user's own engine on this machine. */
    public static EngineClient own(UserFolders folders) {
        return own(folders, () -> Computing.BEST);
    }

    /**
     * Over the user's own engine on this machine.
     *
     * @param computing what one is to compute with, asked whenever one is started
     */
    public static EngineClient own(UserFolders folders, Supplier<Computing> computing) {
        return new EngineClient(EngineLink.own(folders, computing));
    }

    /**
     * Over an engine on another machine, on which all files of requests lie.
     *
     * @param certificate PEM that its own is, or is signed with; null for one that the system
     *     trusts
     * @throws IllegalArgumentException for what cannot be a token
     */
    public static EngineClient elsewhere(
            InetSocketAddress address, @Nullable Path certificate, String token) {
        return new EngineClient(EngineLink.elsewhere(address, certificate, new Token(token)));
    }

    /** Starts the engine unless there is one, so that the first call finds it. */
    public void connect() {
        link.channel();
    }

    /** Replaces the engine: what runs is saved, and goes on in the next. */
    public void restart() {
        link.replace();
    }

    @Override
    public List<String> codecs() {
        return ask("codecs");
    }

    @Override
    public List<String> generators() {
        return ask("generators");
    }

    @Override
    public List<String> textEncoders() {
        return ask("textEncoders");
    }

    @Override
    public List<String> datasets() {
        return ask("datasets");
    }

    @Override
    public Equipment equipment() {
        return ask("equipment");
    }

    @Override
    public Optional<TrainingRequest> training(Path run) {
        return ask("training", run);
    }

    @Override
    public List<LossPoint> losses(Path run) {
        return ask("losses", run);
    }

    @Override
    public Inspection inspect(Path place) {
        return ask("inspect", place);
    }

    @Override
    public Optional<Recipe> recipe(Path clip) {
        return Recipe.of(clip); // It lies on this side.
    }

    @Override
    public GenerationPlan plan(GenerationRequest request) {
        return ask("plan", request);
    }

    @Override
    public Estimate estimate(GenerationRequest request) {
        return ask("estimate", request);
    }

    @Override
    public Estimate estimateReconstruction(ReconstructionRequest request) {
        return ask("estimateReconstruction", request);
    }

    // The interface says what each of its methods answers.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private <T> T ask(String method, Object... arguments) {
        Question question =
                Question.newBuilder()
                        .setMethod(method)
                        .addAllArguments(Arrays.stream(arguments).map(PlainJson::text).toList())
                        .build();
        String json = call(engine -> engine.ask(question)).getJson();
        return (T) PlainJson.read(json, Questions.answerOf(method));
    }

    @Override
    public Job generate(
            GenerationRequest request,
            Optional<Duration> previewEvery,
            JobListener<GenerationEvent> listener) {
        return job(request, GenerationEvent.class, new PacedPreviews(previewEvery, listener));
    }

    @Override
    public Job reconstruct(
            ReconstructionRequest request, JobListener<ReconstructionEvent> listener) {
        return job(request, ReconstructionEvent.class, listener);
    }

    @Override
    public Job trainCodec(CodecTrainingRequest request, JobListener<TrainingEvent> listener) {
        return job(request, TrainingEvent.class, listener);
    }

    @Override
    public Job trainDenoiser(
            DenoiserTrainingRequest request, JobListener<DenoiserTrainingEvent> listener) {
        return job(request, DenoiserTrainingEvent.class, listener);
    }

    @Override
    public Job evaluateCodec(EvaluationRequest request, JobListener<CodecEvaluation> listener) {
        return job(request, CodecEvaluation.class, listener);
    }

    @Override
    public Job evaluateModel(ModelEvaluationRequest request, JobListener<JudgedClip> listener) {
        return job(request, JudgedClip.class, listener);
    }

    @Override
    public Job calibrate(CalibrationRequest request, JobListener<CalibrationEvent> listener) {
        return job(request, CalibrationEvent.class, listener);
    }

    @Override
    public Optional<JobLedger> ledger() {
        return Optional.of(this);
    }

    private <E> Job job(JobRequest request, Class<E> events, JobListener<E> listener) {
        return EngineJob.begun(link, this, request, events, listener);
    }

    /**
     * Hears of a job that is in the queue already.
     *
     * @param events the type of its work's events
     */
    public <E> Job watch(String job, Class<E> events, JobListener<E> listener) {
        return EngineJob.watched(link, this, job, events, listener);
    }

    @Override
    public Job watch(
            String job, Optional<Duration> previewEvery, JobListener<GenerationEvent> listener) {
        return watch(job, GenerationEvent.class, new PacedPreviews(previewEvery, listener));
    }

    @Override
    public List<String> submit(List<? extends JobRequest> requests) {
        return submit(requests, 0);
    }

    @Override
    public List<String> draft(List<? extends JobRequest> requests, int steps) {
        return submit(requests, steps);
    }

    private List<String> submit(List<? extends JobRequest> requests, int pauseAfter) {
        Submission submission =
                Submission.newBuilder()
                        .addAllRequests(requests.stream().map(PlainJson::text).toList())
                        .setTicket(UUID.randomUUID().toString())
                        .setPauseAfter(pauseAfter)
                        .build();
        return List.copyOf(call(engine -> engine.submit(submission)).getJobsList());
    }

    @Override
    public List<QueuedJob> jobs() {
        Following once = Following.newBuilder().setOnce(true).build();
        return call(engine -> {
            List<QueuedJob> jobs = new ArrayList<>();
            engine.follow(once)
                    .forEachRemaining(
                            news -> jobs.add(PlainJson.read(news.getJob(), QueuedJob.class)));
            return List.copyOf(jobs);
        });
    }

    @Override
    public Subscription follow(Listener listener) {
        return new FollowedQueue(link, listener);
    }

    @Override
    public void edit(String job, JobRequest request) {
        command(List.of(job), command -> command.setEdit(PlainJson.text(request)));
    }

    @Override
    public void move(String job, Optional<String> before) {
        command(List.of(job), command -> command.setBefore(before.orElse("")));
    }

    @Override
    public void pause(List<String> jobs) {
        command(jobs, command -> command.setPause(true));
    }

    @Override
    public void resume(List<String> jobs) {
        command(jobs, command -> command.setResume(true));
    }

    @Override
    public void stop(List<String> jobs) {
        command(jobs, command -> command.setStop(true));
    }

    @Override
    public void finishEarly(List<String> jobs) {
        command(jobs, command -> command.setFinishEarly(true));
    }

    @Override
    public void giveWay(List<String> jobs) {
        command(jobs, command -> command.setGiveWay(true));
    }

    @Override
    public void remove(List<String> jobs) {
        command(jobs, command -> command.setRemove(true));
    }

    private void command(
            List<String> jobs, Function<QueueCommand.Builder, QueueCommand.Builder> what) {
        QueueCommand command = what.apply(QueueCommand.newBuilder().addAllJobs(jobs)).build();
        call(engine -> engine.command(command));
    }

    private <T> T call(Function<EngineBlockingStub, T> call) {
        for (int lost = 0; ; lost++) {
            Channel channel = link.channel();
            try {
                return call.apply(EngineGrpc.newBlockingStub(channel));
            } catch (StatusRuntimeException e) {
                if (!isLost(e.getStatus()) || lost == MOST_SUCCESSORS) {
                    throw problem(e);
                }
                link.lost(channel);
            }
        }
    }

    /** Whether the engine is gone, rather than that it refuses. */
    static boolean isLost(Status status) {
        return switch (status.getCode()) {
            case UNAVAILABLE, CANCELLED -> true;
            // Of a connection that ends while a call begins; what an engine says has no cause here.
            case UNKNOWN -> status.getCause() instanceof IOException;
            default -> false;
        };
    }

    static ProblemException problem(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        var trailers = Status.trailersFromThrowable(failure);
        byte[] json = trailers == null ? null : trailers.get(EngineService.PROBLEM);
        if (json != null) {
            String text = new String(json, StandardCharsets.UTF_8);
            return PlainJson.read(text, Problem.class).asException(failure);
        }
        String description = status.getDescription();
        String said = description == null ? status.getCode().name() : description;
        return isLost(status)
                ? new Problem.EngineUnavailable("was lost: " + said).asException(failure)
                : new Problem.Unexpected(said).asException(failure);
    }

    /** Lets go of the engine, which goes on with its jobs. */
    @Override
    public void close() {
        link.close();
    }

    /** Passes on as many previews as were asked for; the engine makes them for everybody. */
    private static final class PacedPreviews implements JobListener<GenerationEvent> {
        private final Optional<Duration> every;
        private final JobListener<GenerationEvent> listener;
        private long last = System.nanoTime();

        PacedPreviews(Optional<Duration> every, JobListener<GenerationEvent> listener) {
            this.every = every;
            this.listener = listener;
        }

        @Override
        public void onEvent(GenerationEvent event) {
            boolean tooSoon = every.isEmpty() || System.nanoTime() - last < every.get().toNanos();
            if (event instanceof GenerationEvent.Stepped(int step, int steps, var preview)
                    && !preview.isEmpty()) {
                if (tooSoon) {
                    listener.onEvent(new GenerationEvent.Stepped(step, steps, List.of()));
                    return;
                }
                last = System.nanoTime();
            }
            listener.onEvent(event);
        }

        @Override
        public void onState(JobState state) {
            listener.onState(state);
        }
    }
}
