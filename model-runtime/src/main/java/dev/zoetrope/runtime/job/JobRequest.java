package dev.zoetrope.runtime.job;

/**
 * Everything that determines a job: a record of plain data, so that it can be kept on disk, sent to
 * another process, and done again.
 */
public interface JobRequest {
    /**
     * Whether it has its turn only while nothing else is wanted of the machine, and gives way, to
     * begin again later, as soon as something is.
     */
    default boolean givesWay() {
        return false;
    }
}
