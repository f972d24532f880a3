package dev.zoetrope.runtime.job;

import java.util.List;
import java.util.Optional;

/**
 * The queue of all jobs of a user, which outlives windows, command lines and the engine. Jobs run
 * one at a time, in their order. A command that comes too late for a job, because it has ended
 * meanwhile, does nothing.
 *
 * <p>All methods throw a {@link dev.zoetrope.runtime.problem.ProblemException} for a job that there
 * is not, and when the queue cannot be reached.
 */
public interface JobLedger {
    /** Hears of changes, on a thread of the ledger's: return quickly. */
    interface Listener {
        /** A job is new, or something about it has changed. */
        void onChanged(QueuedJob job);

        void onRemoved(String job);
    }

    /** An end to listening. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** All jobs: those to come in their order, after those that ended or run. */
    List<QueuedJob> jobs();

    /** Tells of all jobs there are, then of every change. */
    Subscription follow(Listener listener);

    /**
     * Lines jobs up at the end, all or none.
     *
     * @return their ids
     */
    List<String> submit(List<? extends JobRequest> requests);

    /**
     * Lines jobs up as drafts: each is paused by itself after so many steps and keeps what it needs
     * to go on from there, for when it is resumed.
     *
     * @param steps at least 1
     * @return their ids
     */
    List<String> draft(List<? extends JobRequest> requests, int steps);

    /** Asks for something else of a job that has not begun. */
    void edit(String job, JobRequest request);

    /**
     * Gives a job its turn before another one.
     *
     * @param before empty for the end of the queue
     */
    void move(String job, Optional<String> before);

    /** Keeps jobs from having their turn. What runs is stopped where it can go on. */
    void pause(List<String> jobs);

    /** Lets jobs that are paused, parked, cancelled or failed go on where they were. */
    void resume(List<String> jobs);

    /** Cancels jobs; what they kept to go on from stays until they are removed. */
    void stop(List<String> jobs);

    /** Has what runs make the best of the steps it has taken. */
    void finishEarly(List<String> jobs);

    /**
     * Has what {@linkplain JobRequest#givesWay gives way} do so, as to a job that is wanted: it
     * begins again when nobody has asked for anything for a while.
     */
    void giveWay(List<String> jobs);

    /** Forgets jobs, and what they kept to go on from; what they made stays. */
    void remove(List<String> jobs);
}
