package dev.zoetrope.runtime.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

@Timeout(30)
class JobQueueTest {
    private final JobQueue queue = new JobQueue();
    private final Heard heard = new Heard();

    private static final class Heard implements JobListener<String> {
        final List<String> events = new CopyOnWriteArrayList<>();
        final List<JobState> states = new CopyOnWriteArrayList<>();

        @Override
        public void onEvent(String event) {
            events.add(event);
        }

        @Override
        public void onState(JobState state) {
            states.add(state);
        }
    }

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void jobsRunInTheOrderSubmitted() {
        List<Job> jobs =
                List.of("first", "second", "third").stream()
                        .map(name -> queue.submit((events, _) -> events.onEvent(name), heard))
                        .toList();

        jobs.forEach(job -> job.end().join());

        assertEquals(List.of("first", "second", "third"), heard.events);
    }

    @Test
    void aJobIsQueuedThenRunsThenSucceeds() {
        queue.submit((_, _) -> {}, heard).end().join();

        assertEquals(3, heard.states.size());
        assertInstanceOf(JobState.Queued.class, heard.states.get(0));
        assertInstanceOf(JobState.Running.class, heard.states.get(1));
        assertInstanceOf(JobState.Succeeded.class, heard.states.get(2));
    }

    @Test
    void aJobThatFailsEndsWithItsProblemAndTheNextOneRuns() {
        Problem problem = new Problem.ImpossibleRequest("No.", "Ask for less.");
        Job failing =
                queue.submit(
                        (_, _) -> {
                            throw problem.asException();
                        },
                        heard);
        Job next = queue.submit((_, _) -> {}, heard);

        assertEquals(new JobState.Failed(problem), failing.end().join());
        assertInstanceOf(JobState.Succeeded.class, next.end().join());
    }

    @Test
    void wantOfMemoryIsExplainedWhereverItComesFrom() {
        Job heap =
                queue.submit(
                        (_, _) -> {
                            throw new OutOfMemoryError("Java heap space");
                        },
                        heard);
        Job device =
                queue.submit(
                        (_, _) -> {
                            throw new IllegalStateException("you tried: not enough memory");
                        },
                        heard);

        for (Job job : List.of(heap, device)) {
            JobState.Failed failed = assertInstanceOf(JobState.Failed.class, job.end().join());
            assertInstanceOf(Problem.OutOfMemory.class, failed.problem());
        }
    }

    @Test
    void aJobThatEndsInAnErrorEndsAllTheSame() {
        Job job =
                queue.submit(
                        (_, _) -> {
                            throw new UnsatisfiedLinkError("no such library");
                        },
                        heard);

        assertEquals(
                new JobState.Failed(new Problem.Unexpected("no such library")), job.end().join());
    }

    @Test
    void aListenerThatFailsDoesNotKeepTheJobFromEnding() {
        Job job =
                queue.submit(
                        (_, _) -> {},
                        new JobListener<String>() {
                            @Override
                            public void onEvent(String event) {}

                            @Override
                            public void onState(JobState state) {
                                if (state instanceof JobState.Succeeded) {
                                    throw new IllegalStateException("the listener's own");
                                }
                            }
                        });

        assertInstanceOf(JobState.Succeeded.class, job.end().join());
    }

    @Test
    void aRunningJobIsCancelledAtItsNextCheck() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        Job job =
                queue.submit(
                        (_, stop) -> {
                            running.countDown();
                            while (true) {
                                stop.check();
                                Thread.sleep(1);
                            }
                        },
                        heard);
        running.await();

        job.cancel();

        assertEquals(new JobState.Cancelled(), job.end().join());
    }

    @Test
    void aQueuedJobThatIsCancelledNeverRuns() {
        CountDownLatch go = new CountDownLatch(1);
        Job first = queue.submit((_, _) -> go.await(), new Heard());
        Job second = queue.submit((events, _) -> events.onEvent("ran"), heard);

        second.cancel();
        go.countDown();

        assertEquals(new JobState.Cancelled(), second.end().join());
        assertInstanceOf(JobState.Succeeded.class, first.end().join());
        assertEquals(List.of(), heard.events);
    }

    @Test
    void closingCancelsEverythingAndWaits() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        Job job =
                queue.submit(
                        (_, stop) -> {
                            running.countDown();
                            while (true) {
                                stop.check();
                                Thread.sleep(1);
                            }
                        },
                        heard);
        Job waiting = queue.submit((_, _) -> {}, heard);
        running.await();

        queue.close();

        assertTrue(job.end().isDone() && waiting.end().isDone());
        assertEquals(new JobState.Cancelled(), job.end().join());
        assertEquals(new JobState.Cancelled(), waiting.end().join());
    }

    @Test
    void aJobForAClosedQueueEndsCancelled() {
        queue.close();

        Job job = queue.submit((_, _) -> {}, heard);

        assertEquals(new JobState.Cancelled(), job.end().join());
    }
}
