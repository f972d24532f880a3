package dev.zoetrope.app;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Equipment;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.estimate.CalibrationEvent;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.estimate.Range;
import dev.zoetrope.runtime.estimate.Work;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.JudgedClip;
import dev.zoetrope.runtime.generation.ModelEvaluationRequest;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.recipe.Recipe;
import dev.zoetrope.runtime.reconstruction.CodebookUse;
import dev.zoetrope.runtime.reconstruction.CodecEvaluation;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.reconstruction.FrameQuality;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionSummary;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.LossPoint;
import dev.zoetrope.runtime.training.TrainingEvent;
import dev.zoetrope.runtime.training.TrainingRequest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** A runtime whose reconstructions and trainings do what a test tells them, when it does. */
final class FakeRuntime implements ModelRuntime {
    private sealed interface Step {
        record Frames(int count) implements Step {}

        record Finish() implements Step {}

        record Fail(Problem problem) implements Step {}

        record Cancel() implements Step {}
    }

    /** Models are what they are; looking at them takes no device. */
    private static final ModelRuntime INSPECTOR =
            LocalRuntime.open(new UserFolders(Path.of("unused")));

    final List<String> codecs = new CopyOnWriteArrayList<>(List.of("starter", "videogpt-4x4x4"));
    private final PaperScene scene;
    private final List<ReconstructionRequest> requests = new CopyOnWriteArrayList<>();
    private final List<FakeJob> jobs = new CopyOnWriteArrayList<>();
    private final List<FakeTraining> trainings = new CopyOnWriteArrayList<>();
    private final Map<Path, TrainingRequest> kept = new ConcurrentHashMap<>();

    private final Map<Path, List<LossPoint>> losses = new ConcurrentHashMap<>();

    /** Models that make clips, by their folder; others are looked at. */
    final Map<Path, Inspection> generators = new ConcurrentHashMap<>();

    /** Bytes that a clip of a model is said to take. */
    final Map<String, Double> memory = new ConcurrentHashMap<>();

    /** What it says there is to compute with. */
    volatile Equipment equipment =
            new Equipment(List.of(ComputeDevice.CPU), List.of(Precision.FP32, Precision.BF16), 2);

    private Optional<JobLedger> ledger = Optional.empty();
    private final FakeGenerations generations = new FakeGenerations();

    FakeRuntime(PaperScene scene) {
        this.scene = scene;
    }

    /** Lets its jobs be in a queue. */
    void keepIn(JobLedger queue) {
        ledger = Optional.of(queue);
    }

    @Override
    public Optional<JobLedger> ledger() {
        return ledger;
    }

    /** What has been asked for, oldest first. */
    List<ReconstructionRequest> requests() {
        return requests;
    }

    /** Lets the newest reconstruction make some frames. */
    void make(int frames) {
        jobs.getLast().steps.add(new Step.Frames(frames));
    }

    /** Lets it make what is left and end well. */
    void finish() {
        jobs.getLast().steps.add(new Step.Finish());
    }

    /** Lets it fail. */
    void fail(Problem problem) {
        jobs.getLast().steps.add(new Step.Fail(problem));
    }

    /** Its clips that are made from words. */
    FakeGenerations generations() {
        return generations;
    }

    /** How the newest reconstruction ended. */
    JobState end() {
        return jobs.getLast().end.join();
    }

    /** What has been asked to be trained, oldest first. */
    List<TrainingRequest> trainings() {
        return trainings.stream().map(training -> training.request).toList();
    }

    /** Lets the newest training be at a step. */
    void learn(long step, double loss) {
        trainings.getLast().step(step, loss);
    }

    /** Lets it save its state and show a picture of what its model makes. */
    void save(Path sheet) {
        trainings.getLast().save(sheet);
    }

    /** Lets it tell how its model, a denoiser, does on what is held out. */
    void judge(double heldOutLoss) {
        trainings.getLast().judge(heldOutLoss);
    }

    /** Lets it end so. */
    void endTraining(JobState state) {
        trainings.getLast().end(state);
    }

    /** How the newest training ended. */
    JobState trainingEnd() {
        return trainings.getLast().end.join();
    }

    /** Lets there be a run that can go on. */
    void keep(TrainingRequest request) {
        kept.put(request.run(), request);
    }

    /** Lets it have told so of its loss. */
    void keep(TrainingRequest request, List<LossPoint> told) {
        keep(request);
        told(request.run(), told);
    }

    /** Lets a run have told so of its loss. */
    void told(Path run, List<LossPoint> losses) {
        this.losses.put(run, losses);
    }

    @Override
    public List<String> codecs() {
        return List.copyOf(codecs);
    }

    @Override
    public List<String> generators() {
        return List.of(FakeGenerations.NAME);
    }

    @Override
    public List<String> textEncoders() {
        return List.of("words");
    }

    @Override
    public List<String> datasets() {
        return List.of("paper-theatre", "paper-theatre-close-up");
    }

    @Override
    public Equipment equipment() {
        return equipment;
    }

    @Override
    public List<LossPoint> losses(Path run) {
        return losses.getOrDefault(run, List.of());
    }

    @Override
    public Optional<TrainingRequest> training(Path run) {
        return Optional.ofNullable(kept.get(run));
    }

    @Override
    public Inspection inspect(Path place) {
        Inspection known = generators.get(place);
        if (known != null) {
            return known;
        }
        return place.endsWith(FakeGenerations.NAME)
                ? generations.inspect(place)
                : INSPECTOR.inspect(place);
    }

    @Override
    public Optional<Recipe> recipe(Path clip) {
        return Recipe.of(clip);
    }

    @Override
    public GenerationPlan plan(GenerationRequest request) {
        return generations.plan(request);
    }

    @Override
    public Estimate estimateReconstruction(ReconstructionRequest request) {
        return new Estimate(
                FakeGenerations.MACHINE,
                List.of(new Estimate.Phase(Work.Kind.CODING, new Range(40, 60))),
                Range.NOTHING,
                Optional.empty(),
                Range.NOTHING,
                0,
                Estimate.Basis.THIS_MODEL,
                1,
                List.of());
    }

    @Override
    public Estimate estimate(GenerationRequest request) {
        Double bytes = memory.get(Path.of(request.model()).getFileName().toString());
        return bytes == null
                ? generations.estimate(request)
                : new Estimate(
                        FakeGenerations.MACHINE,
                        List.of(),
                        new Range(bytes, bytes),
                        Optional.empty(),
                        Range.NOTHING,
                        0,
                        Estimate.Basis.NOTHING,
                        0,
                        List.of());
    }

    @Override
    public Job calibrate(CalibrationRequest request, JobListener<CalibrationEvent> listener) {
        throw new UnsupportedOperationException("this window calibrates nothing");
    }

    @Override
    public Job generate(
            GenerationRequest request,
            Optional<Duration> previewEvery,
            JobListener<GenerationEvent> listener) {
        return generations.generate(request, listener);
    }

    @Override
    public Job watch(
            String job, Optional<Duration> previewEvery, JobListener<GenerationEvent> listener) {
        QueuedJob known =
                ledger.orElseThrow().jobs().stream()
                        .filter(one -> one.id().equals(job))
                        .findFirst()
                        .orElseThrow();
        return generations.watch(known, listener);
    }

    @Override
    public Job reconstruct(
            ReconstructionRequest request, JobListener<ReconstructionEvent> listener) {
        var job = new FakeJob(request, listener);
        jobs.add(job);
        requests.add(request);
        Thread.ofPlatform().daemon().name("device").start(job::run);
        return job;
    }

    @Override
    public Job trainCodec(CodecTrainingRequest request, JobListener<TrainingEvent> listener) {
        return begin(
                new FakeTraining(request, listener::onState) {
                    @Override
                    void step(long step, double loss) {
                        reached = step;
                        listener.onEvent(
                                new TrainingEvent.Stepped(
                                        step,
                                        request.steps(),
                                        loss,
                                        20,
                                        0,
                                        0,
                                        0,
                                        0,
                                        1,
                                        request.learningRate(),
                                        0.25));
                    }

                    @Override
                    void save(Path sheet) {
                        listener.onEvent(new TrainingEvent.StateSaved(reached, request.run()));
                        listener.onEvent(new TrainingEvent.Sampled(reached, sheet));
                    }
                });
    }

    @Override
    public Job trainDenoiser(
            DenoiserTrainingRequest request, JobListener<DenoiserTrainingEvent> listener) {
        return begin(
                new FakeTraining(request, listener::onState) {
                    @Override
                    void step(long step, double loss) {
                        reached = step;
                        listener.onEvent(
                                new DenoiserTrainingEvent.Stepped(
                                        step,
                                        request.steps(),
                                        loss,
                                        1,
                                        request.learningRate(),
                                        0.25));
                    }

                    @Override
                    void save(Path sheet) {
                        listener.onEvent(
                                new DenoiserTrainingEvent.StateSaved(reached, request.run()));
                        listener.onEvent(new DenoiserTrainingEvent.Sampled(reached, sheet));
                    }

                    @Override
                    void judge(double heldOutLoss) {
                        listener.onEvent(new DenoiserTrainingEvent.Judged(reached, heldOutLoss));
                    }
                });
    }

    private Job begin(FakeTraining training) {
        training.states.accept(new JobState.Running());
        trainings.add(training);
        return training;
    }

    @Override
    public Job evaluateCodec(EvaluationRequest request, JobListener<CodecEvaluation> listener) {
        throw new UnsupportedOperationException("this window evaluates nothing");
    }

    @Override
    public Job evaluateModel(ModelEvaluationRequest request, JobListener<JudgedClip> listener) {
        throw new UnsupportedOperationException("this window evaluates nothing");
    }

    @Override
    public void close() {
        jobs.forEach(FakeJob::cancel);
        jobs.forEach(job -> job.end.join());
        trainings.forEach(FakeTraining::cancel);
        generations.close();
    }

    /** A training that goes on whenever a test says so, on the test's thread. */
    private abstract class FakeTraining implements Job {
        private final TrainingRequest request;
        private final Consumer<JobState> states;
        private final CompletableFuture<JobState> end = new CompletableFuture<>();
        long reached;

        FakeTraining(TrainingRequest request, Consumer<JobState> states) {
            this.request = request;
            this.states = states;
        }

        abstract void step(long step, double loss);

        abstract void save(Path sheet);

        void judge(double heldOutLoss) {
            throw new UnsupportedOperationException("a codec is not judged: " + heldOutLoss);
        }

        @Override
        public void cancel() {
            if (!end.isDone()) {
                keep(request);
                end(new JobState.Cancelled());
            }
        }

        @Override
        public void finishEarly() {
            throw new UnsupportedOperationException("no page asks for it");
        }

        @Override
        public CompletableFuture<JobState> end() {
            return end;
        }

        void end(JobState state) {
            states.accept(state);
            end.complete(state);
        }
    }

    private final class FakeJob implements Job {
        private final ReconstructionRequest request;
        private final JobListener<ReconstructionEvent> listener;
        private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
        private final CompletableFuture<JobState> end = new CompletableFuture<>();
        private int made;
        private double psnr;

        FakeJob(ReconstructionRequest request, JobListener<ReconstructionEvent> listener) {
            this.request = request;
            this.listener = listener;
        }

        @Override
        public void cancel() {
            steps.add(new Step.Cancel());
        }

        @Override
        public void finishEarly() {
            throw new UnsupportedOperationException("no page asks for it");
        }

        @Override
        public CompletableFuture<JobState> end() {
            return end;
        }

        void run() {
            listener.onState(new JobState.Running());
            boolean begun = false;
            while (!end.isDone()) {
                Step step;
                try {
                    step = steps.take();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                if (!begun && (step instanceof Step.Frames || step instanceof Step.Finish)) {
                    begun = true;
                    begin();
                }
                switch (step) {
                    case Step.Frames(int count) -> compare(count);
                    case Step.Finish _ -> {
                        compare(scene.frames() - made);
                        save();
                        end(new JobState.Succeeded(Duration.ofMillis(9_300)));
                    }
                    case Step.Fail(Problem problem) -> end(new JobState.Failed(problem));
                    case Step.Cancel _ -> end(new JobState.Cancelled());
                }
            }
        }

        private void begin() {
            var info =
                    new ClipInfo(
                            scene.width(),
                            scene.height(),
                            scene.fps(),
                            scene.frames(),
                            Math.round(scene.frames() / scene.fps() * 1e6),
                            "h264",
                            false,
                            Map.of());
            listener.onEvent(
                    new ReconstructionEvent.Began(
                            info,
                            scene.width(),
                            scene.height(),
                            scene.fps(),
                            scene.frames(),
                            Precision.BF16));
        }

        private void compare(int count) {
            for (int i = 0; i < count && !(steps.peek() instanceof Step.Cancel); i++) {
                FrameQuality quality = scene.quality(made);
                psnr += quality.psnr() / scene.frames();
                listener.onEvent(
                        new ReconstructionEvent.Compared(
                                made, scene.original(made), scene.reconstruction(made), quality));
                made++;
            }
        }

        private void save() {
            try {
                Files.writeString(request.output(), "the result");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            listener.onEvent(
                    new ReconstructionEvent.Saved(
                            request,
                            new ReconstructionSummary(
                                    made,
                                    psnr,
                                    0.923,
                                    Optional.of(new CodebookUse(963, 1024, 700)),
                                    153.6,
                                    Duration.ofMillis(8_100),
                                    Duration.ofMillis(9_300))));
        }

        private void end(JobState state) {
            listener.onState(state);
            end.complete(state);
        }
    }
}
