package dev.zoetrope.app.settings;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;

import dev.zoetrope.runtime.device.Computing;
import dev.zoetrope.runtime.device.Precision;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What the window keeps between two starts. */
public record Settings(Look look, Making making, Remembered remembered) {
    /**
     * How the window looks.
     *
     * @param textPercent size of text, 100 is the usual
     * @param reducedMotion whether things move only where that says something; empty is as the
     *     system wants it
     */
    public record Look(
            Theme theme, Language language, int textPercent, Optional<Boolean> reducedMotion) {
        public Look withTheme(Theme chosen) {
            return new Look(chosen, language, textPercent, reducedMotion);
        }

        public Look withLanguage(Language chosen) {
            return new Look(theme, chosen, textPercent, reducedMotion);
        }

        public Look withTextPercent(int percent) {
            return new Look(theme, language, percent, reducedMotion);
        }

        public Look withReducedMotion(boolean reduced) {
            return new Look(theme, language, textPercent, Optional.of(reduced));
        }
    }

    /**
     * How clips are made.
     *
     * @param results where those go that were not given a place; empty is the system's folder for
     *     videos
     * @param computing with what; heard of by an engine when it starts
     * @param precision empty for what the device is good at
     * @param metadata whether clips are to say how they were made
     * @param calibrated whether the machine is measured, while it has nothing else to do, with a
     *     model that is new on it
     */
    public record Making(
            Optional<Path> results,
            Computing computing,
            Optional<Precision> precision,
            boolean metadata,
            boolean calibrated) {
        public Making withResults(Optional<Path> folder) {
            return new Making(folder, computing, precision, metadata, calibrated);
        }

        public Making withComputing(Computing with) {
            return new Making(results, with, precision, metadata, calibrated);
        }

        public Making withPrecision(Optional<Precision> chosen) {
            return new Making(results, computing, chosen, metadata, calibrated);
        }

        public Making withMetadata(boolean kept) {
            return new Making(results, computing, precision, kept, calibrated);
        }

        public Making withCalibrated(boolean wanted) {
            return new Making(results, computing, precision, metadata, wanted);
        }
    }

    /**
     * What nobody chose.
     *
     * @param lastFolder where the last video was opened from
     * @param queueShown whether the queue is beside the page
     * @param calibrations machines that were to be measured, each with a model; none is twice
     */
    public record Remembered(
            Optional<Path> lastFolder,
            Optional<WindowBounds> window,
            boolean queueShown,
            Set<String> calibrations) {
        public Remembered {
            calibrations = ImmutableSet.copyOf(calibrations);
        }

        public Remembered withLastFolder(Path folder) {
            return new Remembered(Optional.of(folder), window, queueShown, calibrations);
        }

        public Remembered withWindow(WindowBounds bounds) {
            return new Remembered(lastFolder, Optional.of(bounds), queueShown, calibrations);
        }

        public Remembered withQueueShown(boolean shown) {
            return new Remembered(lastFolder, window, shown, calibrations);
        }

        public Remembered withCalibration(String one) {
            Set<String> more = Sets.union(calibrations, Set.of(one));
            return new Remembered(lastFolder, window, queueShown, more);
        }
    }

    /** What a first start begins with. */
    public static Settings defaults() {
        return new Settings(
                new Look(Theme.DARK, Language.SYSTEM, 100, Optional.empty()),
                new Making(Optional.empty(), Computing.BEST, Optional.empty(), true, true),
                new Remembered(Optional.empty(), Optional.empty(), false, Set.of()));
    }

    public Settings look(UnaryOperator<Look> change) {
        return new Settings(change.apply(look), making, remembered);
    }

    public Settings making(UnaryOperator<Making> change) {
        return new Settings(look, change.apply(making), remembered);
    }

    public Settings remembered(UnaryOperator<Remembered> change) {
        return new Settings(look, making, change.apply(remembered));
    }
}
