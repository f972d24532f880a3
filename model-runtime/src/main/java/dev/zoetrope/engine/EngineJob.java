package dev.zoetrope.engine;

import dev.zoetrope.engine.protocol.Event;
import dev.zoetrope.engine.protocol.JobNews;
import dev.zoetrope.engine.protocol.Picture;
import dev.zoetrope.engine.protocol.RunJob;
import dev.zoetrope.engine.protocol.WatchedJob;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.media.Frame;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A job of the engine's queue, as one who listens to it has it.
 *
 * @param <E> what its work tells
 */
final class EngineJob<E> implements Job {
    private final JobLedger ledger;
    private final Class<E> events;
    private final JobListener<E> listener;
    private final CompletableFuture<String> id = new CompletableFuture<>();
    private final CompletableFuture<JobState> end = new CompletableFuture<>();

    private EngineJob(JobLedger ledger, Class<E> events, JobListener<E> listener) {
        this.ledger = ledger;
        this.events = events;
        this.listener = listener;
    }

    /** A job that is in the queue already. */
    static <E> EngineJob<E> watched(
            EngineLink link,
            JobLedger ledger,
            String id,
            Class<E> events,
            JobListener<E> listener) {
        EngineJob<E> job = new EngineJob<>(ledger, events, listener);
        job.id.complete(id);
        job.listen(link, RunJob.getDefaultInstance());
        return job;
    }

    /** A new one, of which everything is heard. */
    static <E> EngineJob<E> begun(
            EngineLink link,
            JobLedger ledger,
            JobRequest request,
            Class<E> events,
            JobListener<E> listener) {
        EngineJob<E> job = new EngineJob<>(ledger, events, listener);
        job.listen(
                link,
                RunJob.newBuilder()
                        .setRequest(PlainJson.text(request))
                        .setTicket(UUID.randomUUID().toString())
                        .build());
        return job;
    }

    private void listen(EngineLink link, RunJob run) {
        new EngineStream<JobNews>(
                        link,
                        (engine, observer) -> {
                            // Once it is in the queue, the next engine has it as well.
                            if (id.isDone()) {
                                engine.watch(
                                        WatchedJob.newBuilder().setJob(id.join()).build(),
                                        observer);
                            } else {
                                engine.run(run, observer);
                            }
                        },
                        this::hear,
                        e -> tell(new JobState.Failed(e.problem())))
                .open();
    }

    private void hear(JobNews news) {
        switch (news.getNewsCase()) {
            case JOB -> id.complete(news.getJob());
            case STATE -> tell(PlainJson.read(news.getState(), JobState.class));
            case EVENT -> listener.onEvent(event(news.getEvent()));
            case NEWS_NOT_SET -> {}
        }
    }

    private E event(Event event) {
        List<Frame> frames = event.getPicturesList().stream().map(EngineJob::frame).toList();
        return PlainJson.read(event.getJson(), frames, events);
    }

    private static Frame frame(Picture picture) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(picture.getRgb().size());
        picture.getRgb().copyTo(rgb);
        return new Frame(
                picture.getWidth(), picture.getHeight(), rgb.flip(), picture.getTimeMicros());
    }

    private void tell(JobState state) {
        try {
            listener.onState(state);
        } finally {
            if (state.isEnd()) {
                end.complete(state);
            }
        }
    }

    @Override
    public void cancel() {
        inQueue(ledger::stop);
    }

    @Override
    public void finishEarly() {
        inQueue(ledger::finishEarly);
    }

    private void inQueue(Consumer<List<String>> command) {
        var _ = id.thenAcceptAsync(known -> command.accept(List.of(known)));
    }

    @Override
    public CompletableFuture<JobState> end() {
        return end.copy();
    }
}
