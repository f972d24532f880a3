package dev.zoetrope.app.library;

import dev.zoetrope.runtime.media.FrameSize;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which clips of the library are looked for. */
public final class LibraryFilter {
    private final StringProperty search = new SimpleStringProperty(this, "search", "");
    private final ObjectProperty<Optional<String>> madeBy =
            new SimpleObjectProperty<>(this, "madeBy", Optional.empty());
    private final ObjectProperty<Optional<FrameSize>> size =
            new SimpleObjectProperty<>(this, "size", Optional.empty());
    private final ObjectProperty<Age> age = new SimpleObjectProperty<>(this, "age", Age.ANY);
    private final BooleanProperty starredOnly = new SimpleBooleanProperty(this, "starredOnly");

    LibraryFilter() {}

    /** Runs an action now, and whenever something else is looked for. */
    void changed(Runnable action) {
        List<ObservableValue<?>> all = List.of(search, madeBy, size, age, starredOnly);
        all.forEach(value -> value.subscribe(_ -> action.run()));
    }

    /** What is looked for in prompts, names of files and models; all words have to be there. */
    public StringProperty searchProperty() {
        return search;
    }

    /** The model whose clips are shown; empty for those of all. */
    public ObjectProperty<Optional<String>> madeByProperty() {
        return madeBy;
    }

    /** The size that shown clips have; empty for those of any. */
    ObjectProperty<Optional<FrameSize>> sizeProperty() {
        return size;
    }

    /** When shown clips were made. */
    ObjectProperty<Age> ageProperty() {
        return age;
    }

    public BooleanProperty starredOnlyProperty() {
        return starredOnly;
    }

    /** Looks for nothing in particular. */
    void clear() {
        search.set("");
        madeBy.set(Optional.empty());
        size.set(Optional.empty());
        age.set(Age.ANY);
        starredOnly.set(false);
    }

    /**
     * Whether a clip is among those that are looked for.
     *
     * @param stars the clips with one
     */
    Predicate<Clip> wanted(Set<Path> stars) {
        List<String> words = List.of(search.get().strip().toLowerCase(Locale.ROOT).split("\\s+"));
        Predicate<Clip> wanted = clip -> words.stream().allMatch(clip.words()::contains);
        if (madeBy.get().isPresent()) {
            String name = madeBy.get().get();
            wanted = wanted.and(clip -> clip.model().equals(name));
        }
        if (size.get().isPresent()) {
            Optional<FrameSize> one = size.get();
            wanted = wanted.and(clip -> clip.size().equals(one));
        }
        if (age.get() != Age.ANY) {
            Instant since = age.get().since(LocalDate.now(ZoneId.systemDefault()));
            wanted = wanted.and(clip -> !clip.changed().isBefore(since));
        }
        return starredOnly.get() ? wanted.and(clip -> stars.contains(clip.file())) : wanted;
    }
}
