package dev.zoetrope.app.generate;

import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.problem.Problem;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Several clips side by side, each taken a few of its steps, of which a person finishes what they
 * like. They are jobs of the queue, which keeps them while no window is there.
 */
public final class DraftsViewModel {
    static final int FEWEST = 2;
    static final int MOST = 8;

    private static final int USUAL = 4;

    /** The part of its steps after which one can tell what a clip comes to. */
    private static final double SHARE = 0.25;

    private final CompletableFuture<ModelRuntime> runtime;
    private final Executor background;
    private final Executor fx;
    private final Consumer<Problem> report;
    private final Consumer<Draft> finish;
    private final ObservableList<Draft> drafts = FXCollections.observableArrayList();
    private final IntegerProperty count = new SimpleIntegerProperty(this, "count", USUAL);
    private final BooleanProperty shown = new SimpleBooleanProperty(this, "shown");
    private final ObjectProperty<Optional<Draft>> chosen =
            new SimpleObjectProperty<>(this, "chosen", Optional.empty());
    private final ReadOnlyBooleanWrapper possible = new ReadOnlyBooleanWrapper(this, "possible");

    /**
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     * @param finish goes on with a draft that was picked
     */
    DraftsViewModel(
            CompletableFuture<ModelRuntime> runtime,
            Executor background,
            Executor fx,
            Consumer<Problem> report,
            Consumer<Draft> finish) {
        this.runtime = runtime;
        this.background = background;
        this.fx = fx;
        this.report = report;
        this.finish = finish;
    }

    public ObservableList<Draft> drafts() {
        return drafts;
    }

    /** How many are made at a time, from 2 to 8. */
    public IntegerProperty countProperty() {
        return count;
    }

    /** Whether they are what the stage shows. */
    public BooleanProperty shownProperty() {
        return shown;
    }

    /** The one that is looked at alone. */
    public ObjectProperty<Optional<Draft>> chosenProperty() {
        return chosen;
    }

    /** Whether there is a queue to keep them. */
    ReadOnlyBooleanProperty possibleProperty() {
        return possible.getReadOnlyProperty();
    }

    /** Shows those of an earlier window where they were, whatever their turns in the queue. */
    void restore(List<QueuedJob> jobs) {
        possible.set(true);
        if (drafts.isEmpty() && !jobs.isEmpty()) {
            show(
                    jobs.stream()
                            .sorted(Comparator.comparingLong(job -> Long.parseLong(job.id())))
                            .map(job ->
                                    draft(
                                            job.id(),
                                            (GenerationRequest) job.request(),
                                            job.pauseAfter().orElseThrow(),
                                            (int) job.done()))
                            .toList());
        }
    }

    /** Begins new ones in the place of those there are, which are discarded. */
    void begin(Supplier<List<GenerationRequest>> wanted) {
        List<String> before = drafts.stream().map(Draft::job).toList();
        drafts.clear();
        chosen.set(Optional.empty());
        shown.set(true);
        var _ =
                runtime.thenApplyAsync(models -> submitted(models, before, wanted), background)
                        .whenComplete((begun, failure) -> fx.execute(() -> begun(begun, failure)));
    }

    private List<Draft> submitted(
            ModelRuntime models, List<String> before, Supplier<List<GenerationRequest>> wanted) {
        JobLedger ledger = models.ledger().orElseThrow();
        remove(ledger, before);
        List<GenerationRequest> requests = wanted.get();
        int steps = (int) Math.ceil(SHARE * models.plan(requests.getFirst()).steps());
        List<String> jobs = ledger.draft(requests, steps);
        List<Draft> begun = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            begun.add(draft(jobs.get(i), requests.get(i), steps, 0));
        }
        return begun;
    }

    private void begun(@Nullable List<Draft> begun, @Nullable Throwable failure) {
        if (begun == null) {
            shown.set(!drafts.isEmpty());
            report.accept(Failures.explained(failure));
        } else {
            show(begun);
        }
    }

    private Draft draft(String job, GenerationRequest request, int steps, int step) {
        return new Draft(job, request, steps, step, fx, this::drop);
    }

    private void show(List<Draft> begun) {
        drafts.setAll(begun);
        begun.forEach(draft ->
                ask(models -> models.watch(draft.job(), RenderViewModel.BETWEEN_PREVIEWS, draft)));
    }

    /** Goes on with one from where it is; the others stay. */
    public void finish(Draft draft) {
        if (draft.isReady()) {
            drop(draft);
            shown.set(false);
            finish.accept(draft);
        }
    }

    /** Forgets one, with what it kept. */
    public void discard(Draft draft) {
        drop(draft);
        discard(List.of(draft));
    }

    /** Forgets all of them. */
    public void discardAll() {
        List<Draft> all = List.copyOf(drafts);
        drafts.clear();
        chosen.set(Optional.empty());
        shown.set(false);
        discard(all);
    }

    private void discard(List<Draft> which) {
        List<String> jobs = which.stream().map(Draft::job).toList();
        ask(models -> remove(models.ledger().orElseThrow(), jobs));
    }

    /** Looks at the one so many places on, round the ends. */
    void chooseNext(int places) {
        chosen.get()
                .ifPresent(draft -> {
                    int next = Math.floorMod(drafts.indexOf(draft) + places, drafts.size());
                    chosen.set(Optional.of(drafts.get(next)));
                });
    }

    private void drop(Draft draft) {
        if (chosen.get().equals(Optional.of(draft))) {
            chosen.set(Optional.empty());
        }
        drafts.remove(draft);
        if (drafts.isEmpty()) {
            shown.set(false);
        }
    }

    /** Somebody may have removed some in the queue. */
    private static void remove(JobLedger ledger, List<String> jobs) {
        Set<String> there = ledger.jobs().stream().map(QueuedJob::id).collect(Collectors.toSet());
        Set<String> left = new HashSet<>(jobs);
        left.retainAll(there);
        if (!left.isEmpty()) {
            ledger.remove(List.copyOf(left));
        }
    }

    private void ask(Consumer<ModelRuntime> asking) {
        var _ =
                runtime.thenAcceptAsync(asking, background)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                fx.execute(() -> report.accept(Failures.explained(failure)));
                            }
                        });
    }
}
