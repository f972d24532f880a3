package dev.zoetrope.cli;

import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.problem.Problem;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** The words that describe a clip to be made. */
final class GenerationOptions {
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
            description = "What the clip begins with, for models that take a first frame.")
    private @Nullable Path image;

    @Option(
            names = "--model",
            paramLabel = "NAME|DIR",
            converter = PlaceConverter.class,
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

    @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
    private CommandSpec spec;

    GenerationOptions() {}

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

    /**
     * What they ask for.
     *
     * @throws CommandLine.ParameterException for numbers that make no sense
     */
    GenerationRequest request(ModelRuntime runtime) {
        return requests(runtime, 1).getFirst();
    }

    /**
     * What they ask for, so many times, of seeds that follow each other.
     *
     * @throws CommandLine.ParameterException for numbers that make no sense
     */
    List<GenerationRequest> requests(ModelRuntime runtime, int count) {
        check();
        long first = seed == null ? new SplittableRandom().nextInt(Integer.MAX_VALUE) : seed;
        String chosen = model == null ? defaultModel(runtime) : model;
        return LongStream.range(first, first + count)
                .mapToObj(each -> request(chosen, each, output(each, count)))
                .toList();
    }

    private Path output(long seed, int count) {
        if (output == null) {
            return defaultOutput(prompt, seed);
        }
        if (count == 1) {
            return output;
        }
        String name = String.valueOf(output.getFileName());
        int dot = name.lastIndexOf('.');
        String ending = dot > 0 ? name.substring(dot) : "";
        return output.resolveSibling(
                name.substring(0, name.length() - ending.length()) + "-" + seed + ending);
    }

    private GenerationRequest request(String chosen, long each, Path file) {
        return new GenerationRequest(
                prompt,
                negative,
                Optional.ofNullable(image),
                chosen,
                Optional.ofNullable(aspect),
                resolution == null ? OptionalInt.empty() : OptionalInt.of(resolution),
                Optional.ofNullable(length).map(Length::of),
                fps == null ? OptionalDouble.empty() : OptionalDouble.of(fps),
                steps == null ? OptionalInt.empty() : OptionalInt.of(steps),
                guidance == null ? OptionalDouble.empty() : OptionalDouble.of(guidance),
                Optional.ofNullable(sampler),
                each,
                file,
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
}
