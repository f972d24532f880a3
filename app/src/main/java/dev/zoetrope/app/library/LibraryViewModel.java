package dev.zoetrope.app.library;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;

import dev.zoetrope.app.files.Trash;
import dev.zoetrope.app.fx.Latest;
import dev.zoetrope.app.player.Playback;
import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.recipe.Recipe;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.ObservableSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
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
    private final Executor fx;
    private final ExecutorService looking = thread("library");
    private final ExecutorService filing = thread("library-files");
    private final AtomicBoolean lookingSoon = new AtomicBoolean();
    private final Latest<List<Clip>> news;

    private final StringProperty search = new SimpleStringProperty(this, "search", "");
    private final ObjectProperty<Optional<String>> madeBy =
            new SimpleObjectProperty<>(this, "madeBy", Optional.empty());
    private final BooleanProperty starredOnly =
            new SimpleBooleanProperty(this, "starredOnly", false);
    private final ObservableList<String> models = FXCollections.observableArrayList();
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
    private Optional<Clip> anchor = Optional.empty();

    /**
     * A library that has not looked yet.
     *
     * @param recipes reads how a clip was made
     * @param fx runs later on the JavaFX thread, in order
     */
    public LibraryViewModel(
            Places places, Trash trash, Function<Path, Optional<Recipe>> recipes, Executor fx) {
        this.trash = trash;
        this.recipes = recipes;
        this.fx = fx;
        cache = places.cache();
        catalogue = new Catalogue(places.clips(), cache.resolve("library.jsonl"), recipes);
        starFile = new Stars(places.data().resolve("stars.json"));
        news = new Latest<>(fx, this::take);
        search.subscribe(_ -> filter());
        madeBy.subscribe(_ -> filter());
        starredOnly.subscribe(_ -> filter());
        filing.execute(() -> {
            Set<Path> kept = starFile.load();
            fx.execute(() -> {
                stars.addAll(kept);
                filter();
            });
        });
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
    }

    /** What is looked for in prompts, names of files and models; all words have to be there. */
    public StringProperty searchProperty() {
        return search;
    }

    /** The model whose clips are shown; empty for those of all. */
    public ObjectProperty<Optional<String>> madeByProperty() {
        return madeBy;
    }

    public BooleanProperty starredOnlyProperty() {
        return starredOnly;
    }

    /** Names of the models that made something. */
    public ObservableList<String> models() {
        return models;
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
        if (starredOnly.get()) {
            filter();
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
        int at = selection.isEmpty() ? -1 : shown.get().indexOf(selection.getFirst());
        Set<Path> files = new HashSet<>(gone.stream().map(Clip::file).toList());
        clips.set(clips.get().stream().filter(clip -> !files.contains(clip.file())).toList());
        filter();
        // Whoever sorts out goes on with the next one.
        if (selection.isEmpty() && at >= 0 && !shown.get().isEmpty()) {
            select(shown.get().get(Math.min(at, shown.get().size() - 1)));
        }
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
        catalogue.close();
        looking.shutdown();
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
        filter();
    }

    private void filter() {
        List<String> words = List.of(search.get().strip().toLowerCase(Locale.ROOT).split("\\s+"));
        Predicate<Clip> wanted = clip -> words.stream().allMatch(clip.words()::contains);
        if (madeBy.get().isPresent()) {
            String name = madeBy.get().get();
            wanted = wanted.and(clip -> clip.model().equals(name));
        }
        if (starredOnly.get()) {
            wanted = wanted.and(clip -> stars.contains(clip.file()));
        }
        shown.set(clips.get().stream().filter(wanted).toList());
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
