package dev.zoetrope.cli;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.GenerationSummary;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.problem.Problem;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** {@code zoetrope generate}. */
@Command(name = "generate", description = "Make a clip from a prompt, or of a class.")
final class GenerateCommand implements Callable<Integer> {
    private static final int LONGEST_STEM = 48;

    @Parameters(
            paramLabel = "PROMPT",
            arity = "0..1",
            defaultValue = "",
            description =
                    "What is to be seen. For models of classes the class' number or name; for"
                            + " models without conditions nothing.")
    private String prompt;

    @Option(
            names = "--negative",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "What is not to be seen.")
    private String negative;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            description = "The first frame, for models that take one.")
    private @Nullable Path image;

    @Option(
            names = "--model",
            paramLabel = "NAME|DIR",
            description = "An installed model or a model folder.")
    private @Nullable String model;

    @Option(
            names = "--aspect",
            paramLabel = "W:H",
            converter = AspectConverter.class,
            description = "Such as 16:9; the model's own without it.")
    private @Nullable AspectRatio aspect;

    @Option(
            names = "--resolution",
            paramLabel = "PX",
            description = "Shorter side; as large as the model was trained without it.")
    private @Nullable Integer resolution;

    @ArgGroup private @Nullable Length length;

    @Option(names = "--fps", paramLabel = "N", description = "Frames per second.")
    private @Nullable Double fps;

    @Option(names = "--steps", paramLabel = "N", description = "Steps of the sampler.")
    private @Nullable Integer steps;

    @Option(
            names = "--guidance",
            paramLabel = "G",
            description = "1 for none; the more, the closer to the prompt.")
    private @Nullable Double guidance;

    @Option(
            names = "--sampler",
            paramLabel = "NAME",
            description = "Such as ddim or dpmpp_2m; the model's own without it.")
    private @Nullable String sampler;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The same seed makes the same clip; drawn without it.")
    private @Nullable Long seed;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "The clip: .mp4, .webm, .webp, .gif or a folder of PNG frames. Named after the"
                            + " prompt, in this folder, without it.")
    private @Nullable Path output;

    @Option(
            names = "--precision",
            description = "${COMPLETION-CANDIDATES}; the fastest of this processor without it.")
    private @Nullable Precision precision;

    @Option(
            names = "--no-metadata",
            description = "Leave out of the clip how it was made: no prompt, no seed, no title.")
    private boolean noMetadata;

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "JSON lines instead of text.")
    private boolean json;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    GenerateCommand() {}

    private static final class Length {
        @Option(
                names = "--duration",
                paramLabel = "S",
                converter = SecondsConverter.class,
                description = "Seconds, such as 2 or 2s; the model's own length without it.")
        private @Nullable Double seconds;

        @Option(names = "--frames", paramLabel = "N", description = "The length in frames.")
        private @Nullable Integer frames;

        ClipLength of() {
            return seconds != null
                    ? new ClipLength.Seconds(seconds)
                    : new ClipLength.Frames(frames == null ? 1 : frames);
        }
    }

    private static final class AspectConverter implements ITypeConverter<AspectRatio> {
        @Override
        public AspectRatio convert(String text) {
            try {
                return AspectRatio.parse(text);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(
                        text + " is no aspect ratio such as 16:9, 1:1 or 1.85");
            }
        }
    }

    private static final class SecondsConverter implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            try {
                return Double.valueOf(
                        text.endsWith("s") ? text.substring(0, text.length() - 1) : text);
            } catch (NumberFormatException e) {
                throw new CommandLine.TypeConversionException(
                        text + " is no number of seconds such as 2 or 2.5s");
            }
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        check();
        try (ModelRuntime runtime = LocalRuntime.open(UserFolders.ofThisSystem())) {
            GenerationRequest request = request(runtime);
            Report report = new Report(json);
            if (dryRun) {
                report.planned(runtime.plan(request));
                report.wouldSave(request);
                return 0;
            }
            int exit =
                    new Foreground(10).await(runtime.generate(request, Optional.empty(), report));
            report.progress.close();
            return exit;
        }
    }

    private GenerationRequest request(ModelRuntime runtime) {
        long chosen = seed == null ? new SplittableRandom().nextInt(Integer.MAX_VALUE) : seed;
        return new GenerationRequest(
                prompt,
                negative,
                Optional.ofNullable(image),
                model == null ? defaultModel(runtime) : model,
                Optional.ofNullable(aspect),
                resolution == null ? OptionalInt.empty() : OptionalInt.of(resolution),
                Optional.ofNullable(length).map(Length::of),
                fps == null ? OptionalDouble.empty() : OptionalDouble.of(fps),
                steps == null ? OptionalInt.empty() : OptionalInt.of(steps),
                guidance == null ? OptionalDouble.empty() : OptionalDouble.of(guidance),
                Optional.ofNullable(sampler),
                chosen,
                output == null ? defaultOutput(prompt, chosen) : output,
                Optional.ofNullable(precision),
                !noMetadata);
    }

    private void check() {
        usage(
                resolution == null || (resolution >= 8 && resolution <= 8192),
                "--resolution is 8 to 8192");
        usage(fps == null || (fps > 0 && fps <= 1000), "--fps is above 0, at most 1000");
        usage(steps == null || steps >= 1, "--steps is 1 or more");
        usage(guidance == null || (guidance >= 0 && guidance <= 1000), "--guidance is 0 or more");
        if (length != null) {
            usage(length.frames == null || length.frames >= 1, "--frames is 1 or more");
            usage(length.seconds == null || length.seconds > 0, "--duration is above 0");
        }
    }

    private void usage(boolean fine, String text) {
        if (!fine) {
            throw new CommandLine.ParameterException(spec.commandLine(), text);
        }
    }

    private static String defaultModel(ModelRuntime runtime) {
        return runtime.generators().stream()
                .findFirst()
                .orElseThrow(() ->
                        new Problem.ImpossibleRequest(
                                        "No model that makes clips is installed.",
                                        "Name a model folder with --model, or import one with"
                                                + " zoetrope models import.")
                                .asException());
    }

    /** The prompt's first words and the seed, numbered where there is such a file. */
    static Path defaultOutput(String prompt, long seed) {
        String plain =
                Normalizer.normalize(prompt, Normalizer.Form.NFC)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}]+", "-")
                        .replaceAll("^-+", "");
        String stem = plain.substring(0, Math.min(LONGEST_STEM, plain.length()));
        stem = (stem.isEmpty() ? "clip" : stem.replaceAll("-+$", "")) + "-" + seed;
        Path candidate = Path.of(stem + ".mp4");
        for (int i = 2; Files.exists(candidate); i++) {
            candidate = Path.of("%s-%d.mp4".formatted(stem, i));
        }
        return candidate;
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
        public void onState(JobState state) {}

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

        private void wouldSave(GenerationRequest request) {
            if (!json) {
                System.out.println("Seed     " + request.seed());
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
