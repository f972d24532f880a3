package dev.zoetrope.app.train;

import dev.zoetrope.runtime.device.Processor;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.FlowTimes;
import dev.zoetrope.runtime.training.Objective;
import dev.zoetrope.runtime.training.TrainingRequest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a person chose of a training. The rest is small, so that two cores show within a minute how
 * it goes.
 *
 * @param dataset name of an installed source, or a folder of clips
 * @param codec installed codec or the folder of one; only for denoisers
 * @param textEncoder installed text encoder; empty for denoisers without texts
 * @param firstFrame share of the clips that are shown with their first frame given; only for
 *     denoisers
 * @param clip size of the clips
 */
record Recipe(
        Subject subject,
        String dataset,
        String codec,
        Optional<String> textEncoder,
        Beginning beginning,
        double firstFrame,
        ClipShape clip,
        long steps) {
    private static final String SMALL_DENOISER = "small-denoiser.json";
    private static final Pattern SHAPE =
            Pattern.compile("\\s*(\\d{1,4})\\s*[x×]\\s*(\\d{1,4})\\s*[x×]\\s*(\\d{1,4})\\s*");
    private static final double SAVE_MINUTES = 1;
    private static final int LOG_EVERY = 5;

    /**
     * Reads a number of steps as people type it.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException for anything but a whole number from 1
     */
    static long steps(String typed) {
        long steps;
        try {
            steps = Long.parseLong(typed.strip());
        } catch (NumberFormatException e) {
            steps = 0;
        }
        if (steps < 1) {
            throw new Impossible.StepsMistyped(typed).asException();
        }
        return steps;
    }

    /**
     * Reads frames, height and width as people type them.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException for anything but three numbers from 1
     */
    static ClipShape clip(String typed) {
        Matcher shape = SHAPE.matcher(typed);
        if (shape.matches()) {
            int frames = Integer.parseInt(shape.group(1));
            int height = Integer.parseInt(shape.group(2));
            int width = Integer.parseInt(shape.group(3));
            if (frames > 0 && height > 0 && width > 0) {
                return new ClipShape(frames, height, width);
            }
        }
        throw new Impossible.ShapeMistyped(typed).asException();
    }

    /** A size as people type it. */
    static String typed(ClipShape clip) {
        return "%d × %d × %d".formatted(clip.frames(), clip.height(), clip.width());
    }

    /**
     * Everything that determines the run.
     *
     * @param cache a folder for the description of the small denoiser
     */
    TrainingRequest request(Path run, Path cache) {
        return switch (subject) {
            case CODEC -> codec(run);
            case DENOISER -> denoiser(run, cache);
        };
    }

    /** What a denoiser began as that was asked for so. */
    static Beginning beginning(DenoiserTrainingRequest asked) {
        if (asked.from() != null) {
            return new Beginning.Model(asked.from());
        }
        Path config = asked.config();
        return config == null || config.endsWith(SMALL_DENOISER)
                ? new Beginning.Small()
                : new Beginning.Configuration(config);
    }

    private CodecTrainingRequest codec(Path run) {
        return new CodecTrainingRequest(
                run,
                List.of(dataset),
                null,
                List.of(4, 4, 4),
                512,
                4,
                8,
                48,
                1,
                List.of(clip),
                65_536,
                steps,
                steps / 10,
                steps / 10,
                1e-3,
                Math.min(50, steps / 10),
                1e-4,
                1,
                0.5,
                null,
                0.002,
                SAVE_MINUTES,
                LOG_EVERY,
                1,
                Processor.preferredPrecision());
    }

    private DenoiserTrainingRequest denoiser(Path run, Path cache) {
        @Nullable String from = null;
        @Nullable Path config = null;
        switch (beginning) {
            case Beginning.Small _ -> config = smallDenoiser(cache);
            case Beginning.Model(String nameOrFolder) -> from = nameOrFolder;
            case Beginning.Configuration(Path file) -> config = file;
        }
        return new DenoiserTrainingRequest(
                run,
                List.of(dataset),
                codec,
                textEncoder.orElse(null),
                from,
                0,
                config,
                Objective.FLOW,
                FlowTimes.LOGIT_NORMAL,
                null,
                null,
                false,
                List.of(clip),
                false,
                128,
                0.05,
                32,
                8,
                4,
                1,
                false,
                steps,
                5e-4,
                Math.min(50, steps / 10),
                0,
                1,
                0.01,
                0.1,
                firstFrame,
                SAVE_MINUTES,
                2,
                LOG_EVERY,
                1,
                Processor.preferredPrecision());
    }

    private static Path smallDenoiser(Path cache) {
        Path file = cache.resolve(SMALL_DENOISER);
        try (InputStream description = Recipe.class.getResourceAsStream(SMALL_DENOISER)) {
            if (description == null) {
                throw new IllegalStateException(
                        "the application lacks its resource " + SMALL_DENOISER);
            }
            Files.createDirectories(cache);
            Files.copy(description, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }
}
