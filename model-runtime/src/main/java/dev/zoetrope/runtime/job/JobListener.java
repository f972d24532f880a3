package dev.zoetrope.runtime.job;

/** Hears of one job, on a thread that is not to be held up: return quickly. */
@FunctionalInterface
public interface JobListener<E> {
    void onEvent(E event);

    /** The last of these is the one that {@link Job#end} completes with. */
    default void onState(JobState state) {}
}
