package dev.zoetrope.app.library;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;

import dev.zoetrope.app.files.Exporting;
import dev.zoetrope.app.files.Trash;
import dev.zoetrope.app.fx.Latest;
import dev.zoetrope.app.player.Film;
import dev.zoetrope.app.player.Playback;
import dev.zoetrope.app.player.Transport;
import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.media.FrameRange;
import dev.zoetrope.runtime.media.FrameSize;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.recipe.Recipe;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.ObservableSet;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the library shows and can do. Everything but the reading is of the JavaFX thread. */
public final class LibraryViewModel implements AutoCloseable {
    /**
     * Where things are kept.
     *
     * @param clips folders that are looked through, as they are now
     * @param data for what is worth keeping
     * @param cache for what can be made again
     */
    public record Places(Supplier<List<Path>> clips, Path data, Path cache) {}

    private final Catalogue catalogue;
    private final Stars starFile;
    private final Path cache;
    private final Trash trash;
    private final Function<Path, Optional<Recipe>> recipes;
    private final BiConsumer<Path, Instant> unpictured;
    private final Executor fx;
    private final ExecutorService looking = thread("library");
    private final ExecutorService filing = thread("library-files");
    private final ExecutorService watching = thread("library-films");
    private final ExecutorService exports = thread("library-exports");
    private final AtomicBoolean lookingSoon = new AtomicBoolean();
    private final Latest<List<Clip>> news;

    private final LibraryFilter filter = new LibraryFilter();
    private final ObservableList<String> models = FXCollections.observableArrayList();
    private final ObservableList<FrameSize> sizes = FXCollections.observableArrayList();
    private final ObservableSet<Path> stars = FXCollections.observableSet(new HashSet<>());
    private final ReadOnlyObjectWrapper<List<Clip>> clips =
            new ReadOnlyObjectWrapper<>(this, "clips", List.of());
    private final ReadOnlyObjectWrapper<List<Clip>> shown =
            new ReadOnlyObjectWrapper<>(this, "shown", List.of());
    private final ObservableList<Clip> selection = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Optional<Clip>> detailed =
            new ReadOnlyObjectWrapper<>(this, "detailed", Optional.empty());
    private final ReadOnlyBooleanWrapper looked = new ReadOnlyBooleanWrapper(this, "looked", false);
    private final ReadOnlyObjectWrapper<Optional<Problem>> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", Optional.empty());
    private final ReadOnlyObjectWrapper<List<Clip>> untrashable =
            new ReadOnlyObjectWrapper<>(this, "untrashable", List.of());
    private final ReadOnlyObjectWrapper<Optional<SideBySide>> compared =
            new ReadOnlyObjectWrapper<>(this, "compared", Optional.empty());
    private final Playback playback = new Playback();
    private final ReadOnlyObjectWrapper<Optional<Clip>> watched =
            new ReadOnlyObjectWrapper<>(this, "watched", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Film>> film =
            new ReadOnlyObjectWrapper<>(this, "film", Optional.empty());
    private final Transport transport = new Transport();
    private final Exporting exporting;
    private Optional<Clip> anchor = Optional.empty();

    /**
     * A library that has not looked yet.
     *
     * @param recipes reads how a clip was made
     * @param metadata whether exports are to say how they were made
     * @param unpictured is told of clips that were deleted, of which nobody needs a picture
     * @param fx runs later on the JavaFX thread, in order
     */
    public LibraryViewModel(
            Places places,
            Trash trash,
            Function<Path, Optional<Recipe>> recipes,
            BooleanSupplier metadata,
            BiConsumer<Path, Instant> unpictured,
            Executor fx) {
        this.trash = trash;
        this.unpictured = unpictured;
        this.recipes = recipes;
        this.fx = fx;
        cache = places.cache();
        catalogue = new Catalogue(places.clips(), cache.resolve("library.jsonl"), recipes);
        starFile = new Stars(places.data().resolve("stars.json"));
        news = new Latest<>(fx, this::take);
        exporting =
                new Exporting(exports, fx, metadata, arisen -> problem.set(Optional.of(arisen)));
        filter.changed(this::look);
        filing.execute(() -> {
            Set<Path> kept = starFile.load();
            fx.execute(() -> {
                stars.addAll(kept);
                look();
            });
        });
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
    }

    /** Which clips are looked for. */
    public LibraryFilter filter() {
        return filter;
    }

    /** Names of the models that made something. */
    public ObservableList<String> models() {
        return models;
    }

    /** Sizes of the clips there are, the smallest first. */
    ObservableList<FrameSize> sizes() {
        return sizes;
    }

    /** The clips with a star. */
    public ObservableSet<Path> stars() {
        return stars;
    }

    /** All clips there are, the newest first. */
    ReadOnlyObjectProperty<List<Clip>> clipsProperty() {
        return clips.getReadOnlyProperty();
    }

    /** Those that are looked for. */
    ReadOnlyObjectProperty<List<Clip>> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    /** In the order that they were selected in. */
    ObservableList<Clip> selection() {
        return selection;
    }

    /** The clip whose settings are shown: the last one selected, or one from elsewhere. */
    ReadOnlyObjectProperty<Optional<Clip>> detailedProperty() {
        return detailed.getReadOnlyProperty();
    }

    /** Whether it is known what clips there are. */
    public ReadOnlyBooleanProperty lookedProperty() {
        return looked.getReadOnlyProperty();
    }

    /** What went wrong last and was not dismissed yet. */
    public ReadOnlyObjectProperty<Optional<Problem>> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** What was to go to the trash, and for which there is none. */
    ReadOnlyObjectProperty<List<Clip>> untrashableProperty() {
        return untrashable.getReadOnlyProperty();
    }

    /** The two clips that are compared. */
    ReadOnlyObjectProperty<Optional<SideBySide>> comparedProperty() {
        return compared.getReadOnlyProperty();
    }

    /** Which frame of the comparison is shown. */
    public Playback playback() {
        return playback;
    }

    /** The clip that is watched, rather than looked for others. */
    ReadOnlyObjectProperty<Optional<Clip>> watchedProperty() {
        return watched.getReadOnlyProperty();
    }

    /** What the clip shows that is watched; that of the one before until it is read. */
    ReadOnlyObjectProperty<Optional<Film>> filmProperty() {
        return film.getReadOnlyProperty();
    }

    /** Which frame of it is shown. */
    public Transport transport() {
        return transport;
    }

    /** A clip on its way to one more place. */
    Exporting exporting() {
        return exporting;
    }

    /** The part of a clip that is watched, or else all of it. */
    Optional<FrameRange> part(Clip clip) {
        return watched.get().filter(clip::equals).flatMap(_ -> transport.part());
    }

    /** Writes a clip, or the part of it that is watched, in the format that the extension names. */
    void export(Clip clip, Path target) {
        problem.set(Optional.empty());
        exporting.begin(clip.file(), part(clip), target);
    }

    /** Looks for clips that are new, or gone. */
    public void refresh() {
        if (!looking.isShutdown() && !lookingSoon.getAndSet(true)) {
            looking.execute(() -> {
                lookingSoon.set(false);
                catalogue.scan(news);
            });
        }
    }

    /** Shows how a clip from anywhere was made. */
    public void show(Path file) {
        problem.set(Optional.empty());
        var _ =
                CompletableFuture.supplyAsync(() -> read(file), filing)
                        .whenComplete((clip, failure) ->
                                fx.execute(() -> {
                                    if (clip == null) {
                                        problem.set(Optional.of(Failures.explained(failure)));
                                    } else {
                                        shown.get().stream()
                                                .filter(one -> one.file().equals(file))
                                                .findFirst()
                                                .ifPresentOrElse(
                                                        this::select,
                                                        () -> {
                                                            selection.clear();
                                                            detailed.set(Optional.of(clip));
                                                        });
                                    }
                                }));
    }

    private Clip read(Path file) {
        Recipe recipe =
                recipes.apply(file)
                        .orElseThrow(() ->
                                new Problem.RecipeUnreadable(file, "it says nothing about it")
                                        .asException());
        try {
            Instant changed = Files.getLastModifiedTime(file).toInstant();
            return Clip.of(file, changed, Files.isDirectory(file) ? 0 : Files.size(file), recipe);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    /** Selects one clip alone. */
    void select(Clip clip) {
        exporting.forget();
        anchor = Optional.of(clip);
        selection.setAll(List.of(clip));
        detailed.set(Optional.of(clip));
    }

    /** Selects a clip too, or not any more. */
    void toggle(Clip clip) {
        anchor = Optional.of(clip);
        if (!selection.remove(clip)) {
            selection.add(clip);
        }
        detailed.set(selection.isEmpty() ? Optional.empty() : Optional.of(selection.getLast()));
    }

    /** Selects all from the clip that was last selected by itself to this one. */
    void selectTo(Clip clip) {
        List<Clip> all = shown.get();
        int from = Math.max(0, anchor.map(all::indexOf).orElse(0));
        int to = all.indexOf(clip);
        List<Clip> range = new ArrayList<>(all.subList(Math.min(from, to), Math.max(from, to) + 1));
        selection.setAll(from <= to ? range : range.reversed());
        detailed.set(Optional.of(clip));
    }

    void selectNone() {
        selection.clear();
        detailed.set(Optional.empty());
    }

    /** What is selected, or else what is shown in detail. */
    List<Clip> chosen() {
        return selection.isEmpty() ? detailed.get().stream().toList() : List.copyOf(selection);
    }

    /** Gives stars, or takes them where all have one. */
    void toggleStars(List<Clip> which) {
        List<Path> files = which.stream().map(Clip::file).toList();
        if (stars.containsAll(files)) {
            files.forEach(stars::remove);
        } else {
            stars.addAll(files);
        }
        Set<Path> kept = Set.copyOf(stars);
        attempt(() -> starFile.keep(kept));
        if (filter.starredOnlyProperty().get()) {
            look();
        }
    }

    /** Puts clips into the trash, or asks what else to do with those for which there is none. */
    void delete(List<Clip> which) {
        filing.execute(() -> {
            List<Clip> stay = new ArrayList<>();
            for (Clip clip : which) {
                try {
                    for (Path file : files(clip)) {
                        trash.take(file);
                    }
                } catch (IOException _) {
                    stay.add(clip);
                }
            }
            fx.execute(() -> {
                forget(which.stream().filter(clip -> !stay.contains(clip)).toList());
                untrashable.set(List.copyOf(stay));
            });
        });
    }

    /** Deletes clips for good that could not be put into the trash. */
    void deleteForGood() {
        List<Clip> which = untrashable.get();
        untrashable.set(List.of());
        attempt(() -> {
            for (Clip clip : which) {
                for (Path file : files(clip)) {
                    try {
                        MoreFiles.deleteRecursively(file, RecursiveDeleteOption.ALLOW_INSECURE);
                    } catch (IOException e) {
                        throw Problem.FileInaccessible.of(file, e).asException(e);
                    }
                }
                fx.execute(() -> forget(List.of(clip)));
            }
        });
    }

    /** A clip that cannot hold what it says has it beside it. */
    private static List<Path> files(Clip clip) {
        Path beside = clip.file().resolveSibling(clip.file().getFileName() + ".json");
        return Files.isRegularFile(beside) ? List.of(clip.file(), beside) : List.of(clip.file());
    }

    private void forget(List<Clip> gone) {
        if (gone.isEmpty()) {
            return;
        }
        gone.forEach(clip -> unpictured.accept(clip.file(), clip.changed()));
        int at = selection.isEmpty() ? -1 : shown.get().indexOf(selection.getFirst());
        if (watched.get().filter(gone::contains).isPresent()) {
            endWatching();
        }
        Set<Path> files = new HashSet<>(gone.stream().map(Clip::file).toList());
        clips.set(clips.get().stream().filter(clip -> !files.contains(clip.file())).toList());
        look();
        // Whoever sorts out goes on with the next one.
        if (selection.isEmpty() && at >= 0 && !shown.get().isEmpty()) {
            select(shown.get().get(Math.min(at, shown.get().size() - 1)));
        }
    }

    /** Shows a clip large. */
    void watch(Clip clip) {
        exporting.forget();
        problem.set(Optional.empty());
        watched.set(Optional.of(clip));
        var _ =
                CompletableFuture.supplyAsync(() -> Film.read(clip.file()), watching)
                        .whenComplete(
                                (read, failure) -> fx.execute(() -> watch(clip, read, failure)));
    }

    private void watch(Clip clip, @Nullable Film read, @Nullable Throwable failure) {
        if (!watched.get().equals(Optional.of(clip))) {
            return;
        }
        if (read == null) {
            endWatching();
            problem.set(Optional.of(Failures.explained(failure)));
        } else {
            film.set(Optional.of(read));
            transport.clear();
            transport.load(read.pictures().size(), read.fps());
        }
    }

    /** Goes on to another one of those that are shown, as many places away. */
    void watchBeside(int places) {
        List<Clip> all = shown.get();
        int at = watched.get().map(all::indexOf).orElse(-1);
        if (at >= 0 && at + places >= 0 && at + places < all.size()) {
            select(all.get(at + places));
            watch(all.get(at + places));
        }
    }

    /** Goes back to all clips. */
    void endWatching() {
        watched.set(Optional.empty());
        film.set(Optional.empty());
        transport.clear();
    }

    /** Lays two clips side by side. */
    void compare(Clip left, Clip right) {
        endComparison();
        var _ =
                CompletableFuture.supplyAsync(() -> SideBySide.of(left, right, cache), filing)
                        .whenComplete((both, failure) ->
                                fx.execute(() -> {
                                    if (both == null) {
                                        problem.set(Optional.of(Failures.explained(failure)));
                                    } else {
                                        begin(both);
                                    }
                                }));
    }

    private void begin(SideBySide both) {
        endComparison();
        compared.set(Optional.of(both));
        playback.comparisonProperty().set(Optional.of(both.comparison()));
        Thread.ofPlatform()
                .daemon()
                .name("side-by-side")
                .start(() -> {
                    try {
                        both.read(fx);
                        fx.execute(() -> {
                            if (compared.get().equals(Optional.of(both))) {
                                playback.complete();
                            }
                        });
                    } catch (RuntimeException e) {
                        fail(e);
                    }
                });
    }

    /** Goes back to all clips. */
    void endComparison() {
        compared.get().ifPresent(SideBySide::close);
        playback.comparisonProperty().set(Optional.empty());
        compared.set(Optional.empty());
    }

    /** The person has read it. */
    public void dismissProblem() {
        problem.set(Optional.empty());
        untrashable.set(List.of());
    }

    @Override
    public void close() {
        endComparison();
        endWatching();
        catalogue.close();
        watching.shutdown();
        exporting.cancel();
        exports.shutdown();
        // What was read up to the next clip is kept.
        looking.close();
        // Stars that were just given are kept yet.
        filing.close();
    }

    private void attempt(Runnable work) {
        filing.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                fail(e);
            }
        });
    }

    private void fail(RuntimeException failure) {
        fx.execute(() -> problem.set(Optional.of(Failures.explained(failure))));
    }

    private void take(List<Clip> all) {
        looked.set(true);
        if (all.equals(clips.get())) {
            return;
        }
        clips.set(all);
        List<String> names = all.stream().map(Clip::model).distinct().sorted().toList();
        if (!names.equals(models)) {
            models.setAll(names);
        }
        List<FrameSize> found =
                all.stream()
                        .flatMap(clip -> clip.size().stream())
                        .distinct()
                        .sorted(
                                Comparator.comparingLong(FrameSize::pixels)
                                        .thenComparingInt(FrameSize::width))
                        .toList();
        if (!found.equals(sizes)) {
            sizes.setAll(found);
        }
        look();
    }

    private void look() {
        shown.set(clips.get().stream().filter(filter.wanted(stars)).toList());
        keepSelection();
    }

    private void keepSelection() {
        if (selection.isEmpty()) {
            return;
        }
        Set<Path> there = new HashSet<>();
        shown.get().forEach(clip -> there.add(clip.file()));
        if (selection.removeIf(clip -> !there.contains(clip.file()))) {
            detailed.set(selection.isEmpty() ? Optional.empty() : Optional.of(selection.getLast()));
        }
    }
}
