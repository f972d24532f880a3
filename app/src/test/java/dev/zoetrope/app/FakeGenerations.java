package dev.zoetrope.app;

import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.estimate.Machine;
import dev.zoetrope.runtime.estimate.Range;
import dev.zoetrope.runtime.estimate.Work;
import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.ClipLengths;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.GenerationSummary;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.generation.PromptReading;
import dev.zoetrope.runtime.generation.Prompting;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameSize;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.problem.Problem;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** A model whose clips emerge when a test says so, on the test's thread, and end as real files. */
final class FakeGenerations {
    static final String NAME = "paper";

    private static final int TOKENS = 20;

    static final Machine MACHINE = new Machine(ComputeDevice.CPU, "a processor", 2, Precision.FP32);

    static final ModelAbilities ABILITIES =
            new ModelAbilities(
                    "LatteT2V",
                    "CausalVideoVAE",
                    128,
                    128,
                    16,
                    8,
                    16,
                    new ClipLengths(4, false),
                    new Prompting.ByText(TOKENS),
                    false,
                    "euler",
                    List.of("euler", "heun"),
                    16,
                    3.5,
                    Optional.empty());

    private final List<FakeJob> jobs = new CopyOnWriteArrayList<>();
    private final List<GenerationRequest> estimated = new CopyOnWriteArrayList<>();
    private volatile List<Notice> notices = List.of();
    private volatile boolean firstFrame;
    private volatile Estimate.Basis basis = Estimate.Basis.THIS_MODEL;
    private volatile long variants = 1;
    private volatile Optional<PromptReading.Slip> slip = Optional.empty();

    /** Lets its model begin clips with a picture. */
    void takeFirstFrames() {
        firstFrame = true;
    }

    /** Lets a job that is watched be begun, the first one that was watched being 0. */
    void begin(int job) {
        jobs.get(job).listener.onState(new JobState.Running());
    }

    /** Lets it have taken a step. */
    void step(int job, int step) {
        jobs.get(job).step(step);
    }

    /** Lets it wait for its turn, or for somebody to resume it. */
    void pause(int job) {
        jobs.get(job).listener.onState(new JobState.Queued());
    }

    /** What has been asked for, oldest first. */
    List<GenerationRequest> requests() {
        return jobs.stream().map(job -> job.request).toList();
    }

    /** Of what has been asked how long it would take, oldest first. */
    List<GenerationRequest> estimated() {
        return estimated;
    }

    /** Lets every further estimate be made from this. */
    void know(Estimate.Basis what) {
        basis = what;
    }

    /** Lets every further plan differ so. */
    void differ(Notice... differences) {
        notices = List.of(differences);
    }

    /** Lets every further prompt be read so. */
    void read(long ways, Optional<PromptReading.Slip> first) {
        variants = ways;
        slip = first;
    }

    /** Lets the newest clip be planned, and have taken a step. */
    void step(int step) {
        jobs.getLast().step(step);
    }

    /** Lets something be otherwise with it. */
    void adjust(Notice notice) {
        jobs.getLast().listener.onEvent(new GenerationEvent.Adjusted(notice));
    }

    /** Lets it have decoded that many frames. */
    void decode(int frames) {
        jobs.getLast().decode(frames);
    }

    /** Lets it be saved and end well. */
    void finish() {
        jobs.getLast().finish();
    }

    void fail(Problem problem) {
        jobs.getLast().end(new JobState.Failed(problem));
    }

    /** Whether it was told to end with the steps that were taken. */
    boolean endsEarly() {
        return jobs.getLast().endsEarly;
    }

    /** How it ended. */
    JobState end() {
        return jobs.getLast().end.join();
    }

    Inspection inspect(Path place) {
        return new Inspection(place, List.of(), List.of(), Optional.of(abilities()));
    }

    private ModelAbilities abilities() {
        return new ModelAbilities(
                ABILITIES.denoiser(),
                ABILITIES.codec(),
                ABILITIES.width(),
                ABILITIES.height(),
                ABILITIES.frames(),
                ABILITIES.fps(),
                ABILITIES.sizeMultiple(),
                ABILITIES.lengths(),
                ABILITIES.prompting(),
                firstFrame,
                ABILITIES.sampler(),
                ABILITIES.samplers(),
                ABILITIES.steps(),
                ABILITIES.guidance(),
                ABILITIES.licence());
    }

    GenerationPlan plan(GenerationRequest request) {
        double ratio = request.aspect().map(AspectRatio::ratio).orElse(1.0);
        double width = request.resolution().orElse(128) * Math.max(1, ratio);
        FrameSize size = ABILITIES.nearest(width, width / ratio);
        int frames =
                request.length().orElse(null) instanceof ClipLength.Frames(int count)
                        ? count
                        : ABILITIES.frames();
        return new GenerationPlan(
                request.model(),
                ABILITIES.denoiser(),
                ABILITIES.codec(),
                request.prompt(),
                Optional.of(reading(request.prompt())),
                Optional.of(reading(request.negative())),
                size.width(),
                size.height(),
                frames,
                ABILITIES.fps(),
                List.of(frames / 4, size.height() / 8, size.width() / 8),
                64,
                request.sampler().orElse(ABILITIES.sampler()),
                request.steps().orElse(ABILITIES.steps()),
                request.guidance().orElse(ABILITIES.guidance()),
                Precision.BF16,
                notices);
    }

    /** A model whose every word is a token, and one more ends the text. */
    private PromptReading reading(String typed) {
        int words = typed.isBlank() ? 0 : typed.strip().split("\\s+").length;
        return new PromptReading(words + 1, TOKENS, variants, slip);
    }

    Estimate estimate(GenerationRequest request) {
        estimated.add(request);
        double seconds = 0.25 * request.steps().orElse(ABILITIES.steps());
        return new Estimate(
                MACHINE,
                List.of(
                        new Estimate.Phase(
                                Work.Kind.SAMPLING, new Range(0.75 * seconds, 1.25 * seconds))),
                new Range(1.1e9, 1.4e9),
                Optional.empty(),
                new Range(2e4, 4e4),
                0,
                basis,
                3,
                List.of());
    }

    Job generate(GenerationRequest request, JobListener<GenerationEvent> listener) {
        var job = new FakeJob(request, listener);
        listener.onState(new JobState.Running());
        jobs.add(job);
        return job;
    }

    /** Tells of a job that is in a queue what the queue knows of it. */
    Job watch(QueuedJob known, JobListener<GenerationEvent> listener) {
        var job = new FakeJob((GenerationRequest) known.request(), listener);
        switch (known.status()) {
            case RUNNING -> listener.onState(new JobState.Running());
            case SUCCEEDED -> job.finished();
            default -> listener.onState(new JobState.Queued());
        }
        jobs.add(job);
        return job;
    }

    void close() {
        jobs.forEach(FakeJob::cancel);
    }

    private final class FakeJob implements Job {
        private final GenerationRequest request;
        private final JobListener<GenerationEvent> listener;
        private final GenerationPlan plan;
        private final CompletableFuture<JobState> end = new CompletableFuture<>();
        private volatile boolean endsEarly;
        private boolean planned;

        FakeJob(GenerationRequest request, JobListener<GenerationEvent> listener) {
            this.request = request;
            this.listener = listener;
            this.plan = plan(request);
        }

        private PaperScene scene() {
            return new PaperScene(plan.width(), plan.height(), plan.fps(), plan.frames());
        }

        private void begin() {
            if (!planned) {
                planned = true;
                listener.onEvent(new GenerationEvent.Planned(plan));
            }
        }

        void step(int step) {
            begin();
            listener.onEvent(new GenerationEvent.Stepped(step, plan.steps(), preview(step)));
        }

        /** A pixel for a cell of the latents, in less noise with every step. */
        private List<Frame> preview(int step) {
            var small =
                    new PaperScene(
                            plan.latent().get(2),
                            plan.latent().get(1),
                            plan.latent().get(0) / plan.seconds(),
                            plan.latent().get(0));
            double share = 1 - (double) step / plan.steps();
            var random = new Random(step);
            return IntStream.range(0, small.frames())
                    .mapToObj(index -> noisy(small.original(index), share, random))
                    .toList();
        }

        private static Frame noisy(Frame frame, double share, Random random) {
            ByteBuffer clean = frame.rgb();
            ByteBuffer rgb = ByteBuffer.allocateDirect(clean.capacity());
            for (int i = 0; i < clean.capacity(); i++) {
                double noise = Math.clamp(128 + 60 * random.nextGaussian(), 0, 255);
                rgb.put((byte) ((clean.get(i) & 0xff) * (1 - share) + noise * share));
            }
            return new Frame(frame.width(), frame.height(), rgb.flip(), frame.timeMicros());
        }

        void decode(int frames) {
            begin();
            for (int i = 0; i < frames; i++) {
                listener.onEvent(new GenerationEvent.Decoded(i, scene().original(i)));
            }
        }

        void finish() {
            begin();
            try (FrameWriter writer =
                    FrameWriter.create(
                            request.output(),
                            VideoFormat.of(request.output()),
                            plan.width(),
                            plan.height(),
                            plan.fps(),
                            Map.of())) {
                for (int i = 0; i < plan.frames(); i++) {
                    writer.write(scene().original(i));
                }
                writer.finish();
            }
            finished();
        }

        void finished() {
            var summary =
                    new GenerationSummary(
                            plan,
                            Duration.ofMillis(150),
                            Duration.ofMillis(3_200),
                            Duration.ofMillis(650));
            listener.onEvent(new GenerationEvent.Saved(request, summary));
            end(new JobState.Succeeded(Duration.ofSeconds(4)));
        }

        @Override
        public void cancel() {
            end(new JobState.Cancelled());
        }

        @Override
        public void finishEarly() {
            endsEarly = true;
        }

        @Override
        public CompletableFuture<JobState> end() {
            return end;
        }

        void end(JobState state) {
            if (!end.isDone()) {
                listener.onState(state);
                end.complete(state);
            }
        }
    }
}
