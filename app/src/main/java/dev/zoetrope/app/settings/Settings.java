package dev.zoetrope.app.settings;

import dev.zoetrope.runtime.device.Computing;
import dev.zoetrope.runtime.device.Precision;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the window remembers between two starts.
 *
 * @param textPercent size of text, 100 is the usual
 * @param reducedMotion whether things move only where that says something; empty is as the system
 *     wants it
 * @param results where clips go that were not given a place; empty is the system's folder for
 *     videos
 * @param computing with what; heard of by an engine when it starts
 * @param precision empty for what the device is good at
 * @param metadata whether clips are to say how they were made
 * @param lastFolder where the last video was opened from
 * @param queueShown whether the queue is beside the page
 */
public record Settings(
        Theme theme,
        Language language,
        int textPercent,
        Optional<Boolean> reducedMotion,
        Optional<Path> results,
        Computing computing,
        Optional<Precision> precision,
        boolean metadata,
        Optional<Path> lastFolder,
        Optional<WindowBounds> window,
        boolean queueShown) {
    /** What a first start begins with. */
    public static Settings defaults() {
        return new Settings(
                Theme.DARK,
                Language.SYSTEM,
                100,
                Optional.empty(),
                Optional.empty(),
                Computing.BEST,
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.empty(),
                false);
    }

    public Settings withTheme(Theme chosen) {
        return new Settings(
                chosen,
                language,
                textPercent,
                reducedMotion,
                results,
                computing,
                precision,
                metadata,
                lastFolder,
                window,
                queueShown);
    }

    public Settings withLanguage(Language chosen) {
        return new Settings(
                theme,
                chosen,
                textPercent,
                reducedMotion,
                results,
                computing,
                precision,
                metadata,
                lastFolder,
                window,
                queueShown);
    }

    public Settings withTextPercent(int percent) {
        return new Settings(
                theme,
                language,
                percent,
                reducedMotion,
                results,
                computing,
                precision,
                metadata,
                lastFolder,
                window,
                queueShown);
    }

    public Settings withReducedMotion(boolean reduced) {
        return new Settings(
                theme,
                language,
                textPercent,
                Optional.of(reduced),
                results,
                computing,
                precision,
                metadata,
                lastFolder,
                window,
                queueShown);
    }

    public Settings withResults(Optional<Path> folder) {
        return new Settings(
                theme,
                language,
                textPercent,
                reducedMotion,
                folder,
                computing,
                precision,
                metadata,
                lastFolder,
                window,
                queueShown);
    }

    public Settings withComputing(Computing with) {
        return new Settings(
                theme,
                language,
                textPercent,
                reducedMotion,
                results,
                with,
                precision,
                metadata,
                lastFolder,
                window,
                queueShown);
    }

    public Settings withPrecision(Optional<Precision> chosen) {
        return new Settings(
                theme,
                language,
                textPercent,
                reducedMotion,
                results,
                computing,
                chosen,
                metadata,
                lastFolder,
                window,
                queueShown);
    }

    public Settings withMetadata(boolean kept) {
        return new Settings(
                theme,
                language,
                textPercent,
                reducedMotion,
                results,
                computing,
                precision,
                kept,
                lastFolder,
                window,
                queueShown);
    }

    public Settings withLastFolder(Path folder) {
        return new Settings(
                theme,
                language,
                textPercent,
                reducedMotion,
                results,
                computing,
                precision,
                metadata,
                Optional.of(folder),
                window,
                queueShown);
    }

    public Settings withWindow(WindowBounds bounds) {
        return new Settings(
                theme,
                language,
                textPercent,
                reducedMotion,
                results,
                computing,
                precision,
                metadata,
                lastFolder,
                Optional.of(bounds),
                queueShown);
    }

    public Settings withQueueShown(boolean shown) {
        return new Settings(
                theme,
                language,
                textPercent,
                reducedMotion,
                results,
                computing,
                precision,
                metadata,
                lastFolder,
                window,
                shown);
    }
}
