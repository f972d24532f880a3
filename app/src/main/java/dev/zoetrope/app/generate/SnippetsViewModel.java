package dev.zoetrope.app.generate;

import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.problem.Problem;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The snippets as the prompt's menu offers them. Of the JavaFX thread. */
final class SnippetsViewModel {
    /** A text with a name. */
    record Snippet(String name, String text) {}

    private final Snippets file;
    private final Executor background;
    private final Executor fx;
    private final Consumer<Problem> report;
    private final ObservableList<Snippet> snippets = FXCollections.observableArrayList();

    /**
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     */
    SnippetsViewModel(Snippets file, Executor background, Executor fx, Consumer<Problem> report) {
        this.file = file;
        this.background = background;
        this.fx = fx;
        this.report = report;
        change(file::read);
    }

    /** By name. */
    ObservableList<Snippet> snippets() {
        return snippets;
    }

    /** Keeps a text under a name; nothing where either is blank. */
    void save(String name, String text) {
        if (!name.isBlank() && !text.isBlank()) {
            change(() -> file.put(name.strip(), text.strip()));
        }
    }

    void delete(Snippet snippet) {
        change(() -> file.remove(snippet.name()));
    }

    private void change(Supplier<SortedMap<String, String>> change) {
        var _ =
                CompletableFuture.supplyAsync(change, background)
                        .whenComplete((all, failure) -> fx.execute(() -> show(all, failure)));
    }

    private void show(@Nullable Map<String, String> all, @Nullable Throwable failure) {
        if (all == null) {
            report.accept(Failures.explained(failure));
            return;
        }
        List<Snippet> now =
                all.entrySet().stream()
                        .map(entry -> new Snippet(entry.getKey(), entry.getValue()))
                        .toList();
        snippets.setAll(now);
    }
}
