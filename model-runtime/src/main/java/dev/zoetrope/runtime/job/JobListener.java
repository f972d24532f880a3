package dev.zoetrope.runtime.job;

/** Hears of one job, on the device's thread: return quickly. */
public interface JobListener<E> {
    void onEvent(E event);

    void onState(JobState state);
}
