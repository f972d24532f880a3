package dev.zoetrope.runtime.job;

import dev.zoetrope.runtime.problem.Problem;

import java.time.Duration;

/** Where a job is. The last three are final: each job ends in exactly one of them. */
public sealed interface JobState {
    /** Waiting for the device. */
    record Queued() implements JobState {}

    /** On the device; progress comes as events of the job's own type. */
    record Running() implements JobState {}

    record Succeeded(Duration took) implements JobState {}

    record Cancelled() implements JobState {}

    record Failed(Problem problem) implements JobState {}

    /** Whether no other state follows. */
    default boolean isEnd() {
        return switch (this) {
            case Queued _, Running _ -> false;
            case Succeeded _, Cancelled _, Failed _ -> true;
        };
    }
}
