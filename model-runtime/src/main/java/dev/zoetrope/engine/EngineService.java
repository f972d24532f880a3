package dev.zoetrope.engine;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import dev.zoetrope.engine.protocol.Answer;
import dev.zoetrope.engine.protocol.Done;
import dev.zoetrope.engine.protocol.EngineGrpc;
import dev.zoetrope.engine.protocol.Event;
import dev.zoetrope.engine.protocol.Following;
import dev.zoetrope.engine.protocol.Greeting;
import dev.zoetrope.engine.protocol.JobNews;
import dev.zoetrope.engine.protocol.Picture;
import dev.zoetrope.engine.protocol.Question;
import dev.zoetrope.engine.protocol.QueueCommand;
import dev.zoetrope.engine.protocol.QueueNews;
import dev.zoetrope.engine.protocol.Retirement;
import dev.zoetrope.engine.protocol.RunJob;
import dev.zoetrope.engine.protocol.Submission;
import dev.zoetrope.engine.protocol.Submitted;
import dev.zoetrope.engine.protocol.WatchedJob;
import dev.zoetrope.engine.protocol.Welcome;
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Answers calls, for the queue and the runtime behind it. */
final class EngineService extends EngineGrpc.EngineImplBase {
    /** A {@link Problem} as JSON, beside the status of a call that failed because of it. */
    static final Metadata.Key<byte[]> PROBLEM =
            Metadata.Key.of("problem-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final Logger LOG = LoggerFactory.getLogger(EngineService.class);

    private final Welcome welcome;
    private final Questions questions;
    private final DurableQueue queue;
    private final Allowed allowed;
    private final Runnable retire;

    /**
     * @param retire ends the engine, soon after it returned
     */
    EngineService(
            Welcome welcome,
            Questions questions,
            DurableQueue queue,
            Allowed allowed,
            Runnable retire) {
        this.welcome = welcome;
        this.questions = questions;
        this.queue = queue;
        this.allowed = allowed;
        this.retire = retire;
    }

    @Override
    public void greet(Greeting greeting, StreamObserver<Welcome> caller) {
        answer(caller, () -> welcome);
    }

    @Override
    public void ask(Question question, StreamObserver<Answer> caller) {
        answer(
                caller,
                () -> {
                    String json =
                            questions.answer(question.getMethod(), question.getArgumentsList());
                    return Answer.newBuilder().setJson(json).build();
                });
    }

    @Override
    public void submit(Submission submission, StreamObserver<Submitted> caller) {
        answer(
                caller,
                () -> {
                    List<JobRequest> requests =
                            submission.getRequestsList().stream().map(this::request).toList();
                    return Submitted.newBuilder()
                            .addAllJobs(
                                    queue.submit(
                                            requests,
                                            pauseAfter(submission.getPauseAfter()),
                                            ticket(submission.getTicket())))
                            .build();
                });
    }

    private static OptionalInt pauseAfter(int steps) {
        if (steps < 0) {
            throw new IllegalArgumentException("%d steps".formatted(steps));
        }
        return steps == 0 ? OptionalInt.empty() : OptionalInt.of(steps);
    }

    private static String ticket(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("no ticket");
        }
        return text;
    }

    private JobRequest request(String json) {
        return allowed.check(PlainJson.read(json, JobRequest.class));
    }

    @Override
    public void command(QueueCommand command, StreamObserver<Done> caller) {
        answer(
                caller,
                () -> {
                    List<String> jobs = command.getJobsList();
                    switch (command.getCommandCase()) {
                        case PAUSE -> queue.pause(jobs);
                        case RESUME -> queue.resume(jobs);
                        case STOP -> queue.stop(jobs);
                        case FINISH_EARLY -> queue.finishEarly(jobs);
                        case GIVE_WAY -> queue.giveWay(jobs);
                        case REMOVE -> queue.remove(jobs);
                        case BEFORE -> {
                            String before = command.getBefore();
                            queue.move(one(jobs), Optional.of(before).filter(id -> !id.isEmpty()));
                        }
                        case EDIT -> queue.edit(one(jobs), request(command.getEdit()));
                        case COMMAND_NOT_SET -> throw new IllegalArgumentException("no command");
                    }
                    return Done.getDefaultInstance();
                });
    }

    private static String one(List<String> jobs) {
        if (jobs.size() != 1) {
            throw new IllegalArgumentException("%d jobs, not one".formatted(jobs.size()));
        }
        return jobs.getFirst();
    }

    @Override
    public void run(RunJob job, StreamObserver<JobNews> caller) {
        stream(
                (ServerCallStreamObserver<JobNews>) caller,
                outbox ->
                        queue.run(
                                request(job.getRequest()),
                                ticket(job.getTicket()),
                                id -> {
                                    outbox.put(JobNews.newBuilder().setJob(id).build(), 0);
                                    return new Watching(outbox);
                                }));
    }

    @Override
    public void watch(WatchedJob watched, StreamObserver<JobNews> caller) {
        stream(
                (ServerCallStreamObserver<JobNews>) caller,
                outbox -> queue.watch(watched.getJob(), new Watching(outbox)));
    }

    private record Watching(Outbox<JobNews> outbox) implements DurableQueue.Watcher {
        @Override
        public void onEvent(PlainJson.Written event) {
            Event.Builder builder = Event.newBuilder().setJson(event.text());
            long bytes = 0;
            for (Frame frame : event.frames()) {
                // The frame never changes, so its bytes need not be copied.
                ByteString rgb = UnsafeByteOperations.unsafeWrap(frame.rgb());
                bytes += rgb.size();
                builder.addPictures(
                        Picture.newBuilder()
                                .setWidth(frame.width())
                                .setHeight(frame.height())
                                .setTimeMicros(frame.timeMicros())
                                .setRgb(rgb));
            }
            outbox.put(JobNews.newBuilder().setEvent(builder).build(), bytes);
        }

        @Override
        public void onState(JobState state) {
            outbox.put(JobNews.newBuilder().setState(PlainJson.text(state)).build(), 0);
            if (state.isEnd()) {
                outbox.close();
            }
        }
    }

    @Override
    public void follow(Following following, StreamObserver<QueueNews> caller) {
        stream(
                (ServerCallStreamObserver<QueueNews>) caller,
                outbox -> {
                    JobLedger.Listener telling = new Telling(outbox);
                    if (following.getOnce()) {
                        queue.jobs().forEach(telling::onChanged);
                        outbox.close();
                        return () -> {};
                    }
                    JobLedger.Subscription subscription = queue.follow(telling);
                    outbox.put(QueueNews.newBuilder().setComplete(true).build(), 0);
                    return subscription;
                });
    }

    private record Telling(Outbox<QueueNews> outbox) implements JobLedger.Listener {
        @Override
        public void onChanged(QueuedJob job) {
            outbox.put(QueueNews.newBuilder().setJob(PlainJson.text(job)).build(), 0);
        }

        @Override
        public void onRemoved(String job) {
            outbox.put(QueueNews.newBuilder().setRemoved(job).build(), 0);
        }
    }

    @Override
    public void retire(Retirement retirement, StreamObserver<Done> caller) {
        answer(
                caller,
                () -> {
                    retire.run();
                    return Done.getDefaultInstance();
                });
    }

    @FunctionalInterface
    private interface Streaming<T> {
        JobLedger.Subscription begin(Outbox<T> outbox);
    }

    private static <T> void stream(ServerCallStreamObserver<T> caller, Streaming<T> streaming) {
        AtomicReference<JobLedger.@Nullable Subscription> subscription = new AtomicReference<>();
        Outbox<T> outbox =
                new Outbox<>(
                        caller,
                        () -> {
                            JobLedger.Subscription begun = subscription.get();
                            if (begun != null) {
                                begun.close();
                            }
                        });
        try {
            JobLedger.Subscription begun = streaming.begin(outbox);
            subscription.set(begun);
            if (caller.isCancelled()) {
                begun.close();
            }
        } catch (RuntimeException e) {
            caller.onError(failure(e));
        }
    }

    private static <T> void answer(StreamObserver<T> caller, Supplier<T> answer) {
        T result;
        try {
            result = answer.get();
        } catch (RuntimeException e) {
            caller.onError(failure(e));
            return;
        }
        caller.onNext(result);
        caller.onCompleted();
    }

    private static StatusRuntimeException failure(RuntimeException e) {
        return switch (e) {
            case ProblemException p -> {
                Metadata trailers = new Metadata();
                String json = PlainJson.text(p.problem());
                trailers.put(PROBLEM, json.getBytes(StandardCharsets.UTF_8));
                yield Status.FAILED_PRECONDITION
                        .withDescription("a problem")
                        .asRuntimeException(trailers);
            }
            case IllegalArgumentException _ ->
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException();
            default -> {
                LOG.error("a call failed unexpectedly", e);
                yield Status.INTERNAL
                        .withDescription(String.valueOf(e.getMessage()))
                        .asRuntimeException();
            }
        };
    }
}
