package dev.zoetrope.engine;

import dev.zoetrope.engine.protocol.Following;
import dev.zoetrope.engine.protocol.QueueNews;
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.QueuedJob;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashSet;
import java.util.Set;

/** Hears of the engine's queue. A new engine tells all jobs again; those it lacks were removed. */
final class FollowedQueue implements JobLedger.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedQueue.class);

    private final JobLedger.Listener listener;
    private final EngineStream<QueueNews> stream;
    private final Set<String> known = new HashSet<>();
    private Set<String> told = new HashSet<>();

    FollowedQueue(EngineLink link, JobLedger.Listener listener) {
        this.listener = listener;
        stream =
                new EngineStream<QueueNews>(
                        link,
                        (engine, observer) -> {
                            told = new HashSet<>();
                            engine.follow(Following.getDefaultInstance(), observer);
                        },
                        this::hear,
                        e -> LOG.warn("the queue is not followed any more", e));
        stream.open();
    }

    private void hear(QueueNews news) {
        switch (news.getNewsCase()) {
            case JOB -> {
                QueuedJob job = PlainJson.read(news.getJob(), QueuedJob.class);
                told.add(job.id());
                known.add(job.id());
                listener.onChanged(job);
            }
            case REMOVED -> removed(news.getRemoved());
            case COMPLETE ->
                    Set.copyOf(known).stream()
                            .filter(id -> !told.contains(id))
                            .forEach(this::removed);
            case NEWS_NOT_SET -> {}
        }
    }

    private void removed(String job) {
        known.remove(job);
        told.remove(job);
        listener.onRemoved(job);
    }

    @Override
    public void close() {
        stream.close();
    }
}
