package dev.zoetrope.runtime.job;

import dev.zoetrope.runtime.problem.Problem;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A job as the queue keeps it.
 *
 * @param id a number, greater than those of all jobs lined up before; never used again
 * @param done of {@code total}, in steps of the job's own kind
 * @param total 0 while it is not known
 * @param started when it was begun, or gone on with, for the last time
 * @param ended when it came to one of the states that are ends
 * @param problem why it failed or was parked
 * @param place among those to come: the lower, the sooner
 * @param losses how often in a row the engine ended while it ran; 0 when it never did, and again
 *     when somebody tells it to go on
 * @param pauseAfter steps after which it is paused by itself, as a draft is
 */
public record QueuedJob(
        String id,
        JobRequest request,
        Status status,
        long done,
        long total,
        Instant submitted,
        Optional<Instant> started,
        Optional<Instant> ended,
        Optional<Problem> problem,
        double place,
        int losses,
        OptionalInt pauseAfter) {

    /** Whether it has come as far as a draft is to, and waits for somebody to want the rest. */
    public boolean isDraft() {
        return status == Status.PAUSED && pauseAfter.isPresent() && done >= pauseAfter.getAsInt();
    }

    /** Where a job is. */
    public enum Status {
        /** Has its turn when those before it have ended. */
        PENDING,
        RUNNING,
        /** Has no turn until somebody resumes it; then it goes on where it was. */
        PAUSED,
        /** As paused, because it ended the engine more than once. */
        PARKED,
        SUCCEEDED,
        CANCELLED,
        FAILED;

        /** Whether its turn is still to come, by itself or when somebody says so. */
        public boolean isWaiting() {
            return this == PENDING || this == PAUSED || this == PARKED;
        }

        /** Whether nothing more happens to such a job by itself. */
        public boolean isEnd() {
            return this == SUCCEEDED || this == CANCELLED || this == FAILED;
        }
    }
}
