package dev.zoetrope.app.generate;

import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.app.settings.Settings;
import dev.zoetrope.app.settings.SettingsViewModel;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.estimate.Machine;
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.Problem;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Has the machine measured with a model that is new on it, once, by a job that gives way to all
 * others. Nobody asked for that, so what goes wrong with it is told in the queue alone.
 */
public final class CalibrationViewModel implements AutoCloseable {
    private final CompletableFuture<ModelRuntime> runtime;
    private final SettingsViewModel settings;
    private final Executor background;
    private final Executor fx;
    private final Consumer<Problem> report;
    private final Runnable learned;
    private final Map<String, QueuedJob> open = new LinkedHashMap<>();
    private final ReadOnlyObjectWrapper<Optional<QueuedJob>> job =
            new ReadOnlyObjectWrapper<>(this, "job", Optional.empty());
    private final CompletableFuture<Optional<JobLedger.Subscription>> following;
    private Optional<String> model = Optional.empty();
    private boolean asking;

    /**
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     * @param learned is told that estimates have become surer
     */
    CalibrationViewModel(
            CompletableFuture<ModelRuntime> runtime,
            SettingsViewModel settings,
            Executor background,
            Executor fx,
            Consumer<Problem> report,
            Runnable learned) {
        this.runtime = runtime;
        this.settings = settings;
        this.background = background;
        this.fx = fx;
        this.report = report;
        this.learned = learned;
        following =
                runtime.thenApplyAsync(
                        models -> models.ledger().map(queue -> queue.follow(new Hearing())),
                        background);
        settings.settingsProperty()
                .subscribe(now -> {
                    if (!now.making().calibrated()) {
                        ask(List.copyOf(open.keySet()), JobLedger::stop);
                    }
                });
    }

    private final class Hearing implements JobLedger.Listener {
        @Override
        public void onChanged(QueuedJob changed) {
            if (changed.request() instanceof CalibrationRequest request && !request.awaited()) {
                fx.execute(() -> take(changed));
            }
        }

        @Override
        public void onRemoved(String removed) {
            fx.execute(() -> {
                open.remove(removed);
                show();
            });
        }
    }

    /** The measurement with the model that is chosen, while it is waited for or done. */
    public ReadOnlyObjectProperty<Optional<QueuedJob>> jobProperty() {
        return job.getReadOnlyProperty();
    }

    /** Another model is chosen. */
    void choose(Optional<String> chosen) {
        model = chosen;
        show();
    }

    /** Looks whether the model has to be measured, now that something is known of it. */
    void consider(String name, Estimate estimate) {
        Settings now = settings.settings();
        String calibration = calibration(name, estimate.machine());
        if (asking
                || estimate.basis() == Estimate.Basis.THIS_MODEL
                || !now.making().calibrated()
                || now.remembered().calibrations().contains(calibration)) {
            return;
        }
        asking = true;
        var request = new CalibrationRequest(name, now.making().precision(), false);
        var _ =
                runtime.thenApplyAsync(models -> submit(models, request), background)
                        .whenComplete((submitted, _) ->
                                fx.execute(() -> {
                                    asking = false;
                                    if (Boolean.TRUE.equals(submitted)) {
                                        remember(calibration);
                                    }
                                }));
    }

    /** Whether there is a queue for it; another window may have it there already. */
    private static boolean submit(ModelRuntime models, CalibrationRequest request) {
        Optional<JobLedger> ledger = models.ledger();
        ledger.filter(queue ->
                        queue.jobs().stream()
                                .filter(job -> !job.status().isEnd())
                                .noneMatch(job -> job.request().equals(request)))
                .ifPresent(queue -> queue.submit(List.of(request)));
        return ledger.isPresent();
    }

    private static String calibration(String model, Machine machine) {
        return "%s: %s, %s, %d threads, %s"
                .formatted(
                        model,
                        machine.device(),
                        machine.processor(),
                        machine.threads(),
                        machine.precision());
    }

    private void remember(String calibration) {
        settings.change(now -> now.remembered(before -> before.withCalibration(calibration)));
    }

    /** Puts it off: somebody wants the machine for something that is no job. */
    public void putOff() {
        ask(List.copyOf(open.keySet()), JobLedger::giveWay);
    }

    /** Leaves the estimates of the model as they are, for good. */
    void skip() {
        ask(job.get().stream().map(QueuedJob::id).toList(), JobLedger::stop);
    }

    private void ask(List<String> jobs, BiConsumer<JobLedger, List<String>> what) {
        if (jobs.isEmpty()) {
            return;
        }
        var _ =
                runtime.thenAcceptAsync(
                                models -> what.accept(models.ledger().orElseThrow(), jobs),
                                background)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                fx.execute(() -> report.accept(Failures.explained(failure)));
                            }
                        });
    }

    private void take(QueuedJob changed) {
        if (changed.status().isEnd()) {
            open.remove(changed.id());
        } else {
            open.put(changed.id(), changed);
        }
        show();
        if (changed.status() == Status.SUCCEEDED) {
            learned.run();
        }
    }

    private void show() {
        job.set(
                open.values().stream()
                        .filter(one ->
                                one.request() instanceof CalibrationRequest request
                                        && model.equals(Optional.of(request.model())))
                        .findFirst());
    }

    /** Lets go of the queue, in which the measurement stays. */
    @Override
    public void close() {
        var _ = following.thenAccept(some -> some.ifPresent(JobLedger.Subscription::close));
    }
}
