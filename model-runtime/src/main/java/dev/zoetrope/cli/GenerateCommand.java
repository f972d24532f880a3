package dev.zoetrope.cli;

import dev.zoetrope.engine.EngineClient;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.GenerationSummary;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.job.JobListener;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code zoetrope generate}. */
@Command(name = "generate", description = "Make a clip from a prompt, or of a class.")
final class GenerateCommand implements Callable<Integer> {
    private static final int MOST_CLIPS = 1000;

    @Mixin private final GenerationOptions options = new GenerationOptions();

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Make N clips, of the seed and those that follow it.")
    private int count = 1;

    @Option(
            names = "--queue",
            description = "Line it up in the engine's queue and return; jobs list shows it.")
    private boolean queue;

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "JSON lines instead of text.")
    private boolean json;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    GenerateCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        if (count < 1 || count > MOST_CLIPS) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--count is 1 to " + MOST_CLIPS);
        }
        if (queue) {
            return queue();
        }
        try (ModelRuntime runtime = Runtimes.open()) {
            for (GenerationRequest request : options.requests(runtime, count)) {
                int exit = dryRun ? describe(request, runtime) : make(request, runtime);
                if (exit != 0) {
                    return exit;
                }
            }
            return 0;
        }
    }

    private int describe(GenerationRequest request, ModelRuntime runtime) {
        Report report = new Report(json);
        report.planned(runtime.plan(request));
        report.wouldSave(request, runtime.estimate(request));
        return 0;
    }

    private int make(GenerationRequest request, ModelRuntime runtime) throws InterruptedException {
        Report report = new Report(json);
        int exit =
                new Foreground(10)
                        .await(runtime.generate(request, Optional.empty(), new Patience<>(report)));
        report.progress.close();
        return exit;
    }

    private int queue() {
        try (EngineClient engine = Runtimes.engine()) {
            List<GenerationRequest> requests = options.requests(engine, count);
            requests.forEach(engine::plan); // What cannot be made is known now.
            List<String> jobs = engine.submit(requests);
            for (int i = 0; i < jobs.size(); i++) {
                Path output = requests.get(i).output();
                if (json) {
                    Json.print(
                            Map.of(
                                    "event", "queued",
                                    "job", jobs.get(i),
                                    "output", output.toString()));
                } else {
                    System.out.printf("Job %s will be saved to %s%n", jobs.get(i), output);
                }
            }
            return 0;
        }
    }

    /** Prints on the device's thread, which is fine: it is quick. */
    private static final class Report implements JobListener<GenerationEvent> {
        private final boolean json;
        private final Progress progress;
        private int frames;

        Report(boolean json) {
            this.json = json;
            this.progress = new Progress(!json, "steps");
        }

        @Override
        public void onEvent(GenerationEvent event) {
            switch (event) {
                case GenerationEvent.Planned(var plan) -> {
                    frames = plan.frames();
                    planned(plan);
                }
                case GenerationEvent.Adjusted(var notice) -> {
                    if (!json) {
                        progress.close();
                        System.err.println(notice.text());
                    }
                    line(Map.of("event", "adjusted", "notice", notice.text()));
                }
                case GenerationEvent.Stepped(int step, int steps, _) -> {
                    progress.show(step, steps, "");
                    line(Map.of("event", "stepped", "step", step, "steps", steps));
                }
                case GenerationEvent.Decoded(int index, _) ->
                        line(Map.of("event", "decoded", "frame", index, "frames", frames));
                case GenerationEvent.Saved(var request, var summary) -> {
                    progress.close();
                    saved(request, summary);
                }
            }
        }

        private void planned(GenerationPlan plan) {
            if (json) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("event", "planned");
                fields.put("model", plan.model());
                fields.put("denoiser", plan.denoiser());
                fields.put("codec", plan.codec());
                fields.put("prompt", plan.prompt());
                fields.put("width", plan.width());
                fields.put("height", plan.height());
                fields.put("frames", plan.frames());
                fields.put("fps", plan.fps());
                fields.put("latent", plan.latent());
                fields.put("tokens", plan.tokens());
                fields.put("sampler", plan.sampler());
                fields.put("steps", plan.steps());
                fields.put("guidance", plan.guidance());
                fields.put("precision", plan.precision());
                fields.put("notices", plan.notices().stream().map(Notice::text).toList());
                line(fields);
                return;
            }
            plan.notices().forEach(notice -> System.err.println(notice.text()));
            System.out.printf(
                    "Model    %s (%s, %s, %s)%n",
                    plan.model(), plan.denoiser(), plan.codec(), plan.precision());
            if (!plan.prompt().isEmpty()) {
                System.out.println("Prompt   " + plan.prompt());
            }
            System.out.printf(
                    Locale.ROOT,
                    "Clip     %d x %d, %d frames at %s per second (%.1f s)%n",
                    plan.width(),
                    plan.height(),
                    plan.frames(),
                    Numbers.plain(plan.fps()),
                    plan.seconds());
            System.out.printf(
                    "Latents  %d x %d x %d, %,d tokens%n",
                    plan.latent().get(0),
                    plan.latent().get(1),
                    plan.latent().get(2),
                    plan.tokens());
            System.out.printf(
                    "Sampler  %s, %d steps%s%n",
                    plan.sampler(),
                    plan.steps(),
                    plan.guidance() == 1 ? "" : ", guidance " + Numbers.plain(plan.guidance()));
        }

        private void wouldSave(GenerationRequest request, Estimate estimate) {
            if (!json) {
                System.out.println("Seed     " + request.seed());
                System.out.printf(
                        "Time     %s, in %s%s%n",
                        Ranges.seconds(estimate.seconds()),
                        Ranges.memory(estimate),
                        estimate.basis() == Estimate.Basis.THIS_MODEL
                                ? ""
                                : "; a guess, until zoetrope estimate has measured this model");
                System.out.println("Would be saved to " + request.output());
            }
        }

        private void saved(GenerationRequest request, GenerationSummary s) {
            Duration total = s.encoding().plus(s.sampling()).plus(s.decoding());
            if (json) {
                line(
                        Map.of(
                                "event", "saved",
                                "output", request.output().toString(),
                                "seed", request.seed(),
                                "encodingSeconds", seconds(s.encoding()),
                                "samplingSeconds", seconds(s.sampling()),
                                "decodingSeconds", seconds(s.decoding()),
                                "seconds", seconds(total)));
                return;
            }
            System.out.println("Seed     " + request.seed());
            System.out.printf(
                    Locale.ROOT,
                    "Time     %.1f s (prompt %.1f, sampling %.1f, decoding %.1f)%n",
                    seconds(total),
                    seconds(s.encoding()),
                    seconds(s.sampling()),
                    seconds(s.decoding()));
            System.out.println("Saved    " + request.output());
        }

        private static double seconds(Duration duration) {
            return duration.toMillis() / 1e3;
        }

        private void line(Map<String, Object> fields) {
            if (json) {
                Json.print(fields);
            }
        }
    }
}
