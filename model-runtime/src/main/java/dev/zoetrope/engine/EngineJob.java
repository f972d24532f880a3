package dev.zoetrope.engine;

import dev.zoetrope.engine.protocol.Event;
import dev.zoetrope.engine.protocol.JobNews;
import dev.zoetrope.engine.protocol.Picture;
import dev.zoetrope.engine.protocol.WatchedJob;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.media.Frame;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A job of the engine's queue, as one who listens to it has it.
 *
 * @param <E> what its work tells
 */
final class EngineJob<E> implements Job {
    private final JobLedger ledger;
    private final String id;
    private final Class<E> events;
    private final JobListener<E> listener;
    private final CompletableFuture<JobState> end = new CompletableFuture<>();

    EngineJob(
            EngineLink link,
            JobLedger ledger,
            String id,
            Class<E> events,
            JobListener<E> listener) {
        this.ledger = ledger;
        this.id = id;
        this.events = events;
        this.listener = listener;
        WatchedJob watched = WatchedJob.newBuilder().setJob(id).build();
        new EngineStream<JobNews>(
                        link,
                        (engine, observer) -> engine.watch(watched, observer),
                        this::hear,
                        e -> tell(new JobState.Failed(e.problem())))
                .open();
    }

    private void hear(JobNews news) {
        switch (news.getNewsCase()) {
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
            switch (state) {
                case JobState.Queued _, JobState.Running _ -> {}
                case JobState.Succeeded _, JobState.Cancelled _, JobState.Failed _ ->
                        end.complete(state);
            }
        }
    }

    @Override
    public void cancel() {
        ledger.stop(List.of(id));
    }

    @Override
    public void finishEarly() {
        ledger.finishEarly(List.of(id));
    }

    @Override
    public CompletableFuture<JobState> end() {
        return end.copy();
    }
}
