package dev.zoetrope.app.generate;

import dev.zoetrope.app.fx.Batches;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;

import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A clip that was begun to see what it comes to, and waits to be finished or discarded. */
public final class Draft implements JobListener<GenerationEvent> {
    /** How far it is. */
    public enum State {
        WAITING,
        SAMPLING,
        /** It can be finished from where it is. */
        READY,
        FAILED
    }

    private final String job;
    private final GenerationRequest request;
    private final int steps;
    private final Executor fx;
    private final Consumer<Draft> ended;
    private final Batches<GenerationEvent> events;
    private final ReadOnlyIntegerWrapper step = new ReadOnlyIntegerWrapper(this, "step");
    private final ReadOnlyObjectWrapper<State> state =
            new ReadOnlyObjectWrapper<>(this, "state", State.WAITING);
    private final ReadOnlyObjectWrapper<Optional<Look>> look =
            new ReadOnlyObjectWrapper<>(this, "look", Optional.empty());
    private Optional<GenerationPlan> plan = Optional.empty();

    /**
     * @param steps after which it waits
     * @param step that it has taken
     * @param fx runs later on the JavaFX thread, in order
     * @param ended hears on that thread that it is no draft any more
     */
    Draft(
            String job,
            GenerationRequest request,
            int steps,
            int step,
            Executor fx,
            Consumer<Draft> ended) {
        this.job = job;
        this.request = request;
        this.steps = steps;
        this.fx = fx;
        this.ended = ended;
        this.events = new Batches<>(fx, this::heard);
        this.step.set(step);
    }

    public String job() {
        return job;
    }

    public GenerationRequest request() {
        return request;
    }

    /** After which it waits. */
    public int steps() {
        return steps;
    }

    /** That it has taken. */
    public ReadOnlyIntegerProperty stepProperty() {
        return step.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    public boolean isReady() {
        return state.get() == State.READY;
    }

    /** What it looks like by now; empty while nothing is known of it. */
    public ReadOnlyObjectProperty<Optional<Look>> lookProperty() {
        return look.getReadOnlyProperty();
    }

    /** What it will come to; empty while that is not known. */
    Optional<GenerationPlan> plan() {
        return plan;
    }

    @Override
    public void onEvent(GenerationEvent event) {
        events.accept(event);
    }

    @Override
    public void onState(JobState reached) {
        fx.execute(() -> reached(reached));
    }

    private void heard(List<GenerationEvent> gathered) {
        Optional<GenerationEvent.Stepped> seen = Optional.empty();
        for (GenerationEvent event : gathered) {
            if (event instanceof GenerationEvent.Planned(GenerationPlan planned)) {
                plan = Optional.of(planned);
            } else if (event instanceof GenerationEvent.Stepped stepped) {
                step.set(stepped.step());
                if (!stepped.preview().isEmpty()) {
                    seen = Optional.of(stepped);
                }
            }
        }
        seen.ifPresent(stepped -> look.set(Optional.of(Look.of(stepped, plan.orElseThrow()))));
    }

    private void reached(JobState reached) {
        switch (reached) {
            case JobState.Queued _ -> state.set(step.get() >= steps ? State.READY : State.WAITING);
            case JobState.Running _ -> state.set(State.SAMPLING);
            case JobState.Failed _ -> state.set(State.FAILED);
            case JobState.Succeeded _, JobState.Cancelled _ -> ended.accept(this);
        }
    }
}
