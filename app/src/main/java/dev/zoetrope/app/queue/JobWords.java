package dev.zoetrope.app.queue;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.ModelEvaluationRequest;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.training.TrainingRequest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What is said of a job. */
final class JobWords {
    private final Messages messages;

    JobWords(Messages messages) {
        this.messages = messages;
    }

    /** Which one it is. */
    String title(JobRequest request) {
        return switch (request) {
            case GenerationRequest r when r.prompt().isBlank() ->
                    messages.get("queue.unprompted", r.model());
            case GenerationRequest r -> r.prompt().strip().replaceAll("\\s+", " ");
            case ReconstructionRequest r -> name(r.input());
            case TrainingRequest r -> name(r.run());
            case EvaluationRequest r -> r.codec();
            case ModelEvaluationRequest r -> r.model();
            case CalibrationRequest r -> r.model();
            default -> request.getClass().getSimpleName();
        };
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** What kind of work, and how it stands. */
    String state(JobRow row) {
        QueuedJob job = row.get();
        String how =
                switch (job.status()) {
                    case PENDING -> pending(row);
                    case RUNNING -> running(row);
                    case PAUSED -> paused(row);
                    case PARKED -> messages.get("queue.parked");
                    case SUCCEEDED -> messages.get("queue.succeeded", took(job));
                    case CANCELLED -> messages.get("queue.cancelled");
                    case FAILED -> messages.get("queue.failed");
                };
        return messages.get("queue.state", kind(job.request()), how);
    }

    private String kind(JobRequest request) {
        return messages.get(
                switch (request) {
                    case GenerationRequest _ -> "queue.kind.clip";
                    case ReconstructionRequest _ -> "queue.kind.reconstruction";
                    case TrainingRequest _ -> "queue.kind.training";
                    case CalibrationRequest _ -> "queue.kind.calibration";
                    default -> "queue.kind.evaluation";
                });
    }

    private String pending(JobRow row) {
        return row.left()
                .map(left -> messages.get("queue.pending.takes", duration(left)))
                .orElseGet(() -> messages.get("queue.pending"));
    }

    /** What the header says beside the title: how many are to come, and for how long. */
    String toCome(int jobs, Optional<Duration> left) {
        return jobs == 0
                ? ""
                : left.map(time -> messages.get("queue.count.left", jobs, duration(time)))
                        .orElseGet(() -> messages.get("queue.count", jobs));
    }

    private String running(JobRow row) {
        if (row.get().total() == 0) {
            return messages.get("queue.begun");
        }
        return row.left()
                .map(left -> messages.get("queue.running.left", row.fraction(), duration(left)))
                .orElseGet(() -> messages.get("queue.running", row.fraction()));
    }

    private String paused(JobRow row) {
        if (row.get().isDraft()) {
            return messages.get("queue.draft");
        }
        return row.get().done() > 0
                ? messages.get("queue.paused.at", row.fraction())
                : messages.get("queue.paused");
    }

    private String took(QueuedJob job) {
        return job.started()
                .flatMap(start -> job.ended().map(end -> Duration.between(start, end)))
                .map(this::duration)
                .orElse("");
    }

    private String duration(Duration time) {
        long seconds = Math.max(1, Math.round(time.toMillis() / 1000.0));
        if (seconds < 60) {
            return messages.get("queue.seconds", seconds);
        }
        return seconds < 3600
                ? messages.get("queue.minutes", seconds / 60, seconds % 60)
                : messages.get("queue.hours", seconds / 3600, seconds % 3600 / 60);
    }
}
