package dev.zoetrope.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobQueue.Work;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.reconstruction.CodecEvaluation;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** With work that waits to be told what to do. */
@Timeout(60)
class DurableQueueTest {
    @TempDir Path data;
    private final BlockingQueue<Runs> begun = new LinkedBlockingQueue<>();
    private volatile boolean quiet = true;
    private DurableQueue queue;

    /** One piece of work on the device, which the test has the reins of. */
    private static final class Runs implements Work<CodecEvaluation> {
        private final JobRequest request;
        private final Path folder;
        private final CompletableFuture<Boolean> end = new CompletableFuture<>();
        private final BlockingQueue<Integer> clips = new LinkedBlockingQueue<>();

        Runs(JobRequest request, Path folder) {
            this.request = request;
            this.folder = folder;
        }

        @Override
        public void run(JobListener<CodecEvaluation> listener, Cancellation cancellation)
                throws Exception {
            Files.createDirectories(folder);
            while (!end.isDone()) {
                Integer count = clips.poll();
                if (count != null) {
                    listener.onEvent(evaluation(count));
                }
                cancellation.check();
                Thread.sleep(2);
            }
            if (!end.get()) {
                throw new Problem.OutOfMemory("a test").asException();
            }
        }

        long seed() {
            return ((GenerationRequest) request).seed();
        }
    }

    private static CodecEvaluation evaluation(int clips) {
        return new CodecEvaluation(clips, 30, 30, 30, 1, Optional.empty(), Map.of());
    }

    @BeforeEach
    void open() {
        queue =
                new DurableQueue(
                        data,
                        (request, folder) -> {
                            Runs runs = new Runs(request, folder);
                            begun.add(runs);
                            return runs;
                        },
                        () -> quiet);
        queue.start();
    }

    @AfterEach
    void close() {
        queue.close();
    }

    private void reopen() {
        queue.close();
        open();
    }

    private List<String> submit(int... seeds) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int seed : seeds) {
            requests.add(EngineRequests.generation("a boat", seed));
        }
        return queue.submit(requests);
    }

    private Status status(String job) {
        return queue.jobs().stream()
                .filter(one -> one.id().equals(job))
                .findFirst()
                .orElseThrow()
                .status();
    }

    private void await(String job, Status status) throws InterruptedException {
        while (status(job) != status) {
            Thread.sleep(2);
        }
    }

    private List<String> pending() {
        return queue.jobs().stream()
                .filter(job -> job.status() == Status.PENDING)
                .map(QueuedJob::id)
                .toList();
    }

    @Test
    void jobsRunOneAtATimeInTheirOrder() throws Exception {
        List<String> jobs = submit(1, 2);

        Runs first = begun.take();
        assertEquals(1, first.seed());
        assertEquals(Status.PENDING, status(jobs.get(1)));
        first.end.complete(true);
        Runs second = begun.take();
        assertEquals(2, second.seed());
        assertEquals(Status.SUCCEEDED, status(jobs.get(0)));
        second.end.complete(false);
        await(jobs.get(1), Status.FAILED);
        assertEquals(Optional.of(new Problem.OutOfMemory("a test")), queue.jobs().get(1).problem());
    }

    @Test
    void whatIsSubmittedAgainIsThereAlready() {
        List<GenerationRequest> requests =
                List.of(
                        EngineRequests.generation("a boat", 1),
                        EngineRequests.generation("a boat", 2));

        List<String> jobs = queue.submit(requests, OptionalInt.empty(), "a");

        assertEquals(jobs, queue.submit(requests, OptionalInt.empty(), "a"));
        assertEquals(2, queue.jobs().size());
        queue.submit(requests, OptionalInt.empty(), "b");
        assertEquals(4, queue.jobs().size());
    }

    @Test
    void jobsAreNumberedAsTheyAreLinedUp() {
        List<String> jobs = new ArrayList<>(submit(0, 1, 2));
        queue.remove(List.of(jobs.getLast()));
        jobs.addAll(submit(3));

        assertEquals(
                jobs.stream().distinct().sorted(Comparator.comparingLong(Long::parseLong)).toList(),
                jobs);
    }

    @Test
    void theOrderIsWhatPeopleMakeIt() throws Exception {
        List<String> jobs = submit(0, 1, 2, 3);
        begun.take();

        queue.move(jobs.get(3), Optional.of(jobs.get(1)));
        assertEquals(List.of(jobs.get(3), jobs.get(1), jobs.get(2)), pending());
        queue.move(jobs.get(3), Optional.empty());
        assertEquals(List.of(jobs.get(1), jobs.get(2), jobs.get(3)), pending());
        for (int i = 0; i < 200; i++) {
            queue.move(jobs.get(2 + i % 2), Optional.of(jobs.get(1)));
        }
        assertEquals(List.of(jobs.get(2), jobs.get(3), jobs.get(1)), pending());
    }

    private String calibrate() {
        return queue.submit(List.of(new CalibrationRequest("starter", Optional.empty(), false)))
                .getFirst();
    }

    @Test
    void whatGivesWayComesAfterAllOthersAndStopsForThem() throws Exception {
        String calibration = calibrate();
        Runs first = begun.take();
        String clip = submit(1).getFirst();

        Runs second = begun.take();
        assertEquals(1, second.seed());
        await(calibration, Status.PENDING);
        String later = submit(2).getFirst();
        assertEquals(List.of(later, calibration), pending());
        second.end.complete(true);
        Runs third = begun.take();
        assertEquals(2, third.seed());
        third.end.complete(true);

        Runs again = begun.take();
        assertEquals(first.request, again.request);
        again.end.complete(true);
        await(calibration, Status.SUCCEEDED);
        assertEquals(Status.SUCCEEDED, status(clip));
    }

    @Test
    void whatGivesWayWaitsUntilNobodyMindsAndKeepsNoEngine() throws Exception {
        quiet = false;
        String calibration = calibrate();
        assertEquals(Status.PENDING, status(calibration));
        assertFalse(queue.isBusy());

        quiet = true;

        Runs runs = begun.take();
        assertTrue(queue.isBusy());
        runs.end.complete(true);
        await(calibration, Status.SUCCEEDED);
    }

    @Test
    void whatGivesWayDoesSoToWhatIsNoJob() throws Exception {
        String calibration = calibrate();
        begun.take();
        quiet = false;
        queue.giveWay(List.of(calibration));
        await(calibration, Status.PENDING);
        assertTrue(begun.isEmpty());

        quiet = true;

        begun.take().end.complete(true);
        await(calibration, Status.SUCCEEDED);
        String clip = submit(1).getFirst();
        Runs runs = begun.take();
        queue.giveWay(List.of(clip));
        runs.end.complete(true);
        await(clip, Status.SUCCEEDED);
    }

    @Test
    void whatGivesWayAndIsStoppedStaysStopped() throws Exception {
        String calibration = calibrate();
        begun.take();
        queue.stop(List.of(calibration));
        submit(1);
        begun.take().end.complete(true);
        await(calibration, Status.CANCELLED);
        reopen();
        assertEquals(Status.CANCELLED, status(calibration));
    }

    @Test
    void whatGaveWayAndWasLostStillComesLast() throws Exception {
        calibrate();
        begun.take();
        quiet = false;
        reopen();
        submit(1);
        assertEquals(1, begun.take().seed());
    }

    @Test
    void aPausedJobKeepsItsFolderAndGoesOn() throws Exception {
        String job = submit(1).getFirst();
        Runs runs = begun.take();
        while (!Files.exists(runs.folder)) {
            Thread.sleep(2);
        }
        queue.pause(List.of(job));
        await(job, Status.PAUSED);
        assertTrue(Files.exists(runs.folder));

        queue.resume(List.of(job));

        Runs again = begun.take();
        assertEquals(runs.folder, again.folder);
        again.end.complete(true);
        await(job, Status.SUCCEEDED);
        assertFalse(Files.exists(runs.folder), "what it kept is of no more use");
    }

    @Test
    void aDraftIsPausedByItselfAndThenRunsToItsEnd() throws Exception {
        String draft = queue.draft(List.of(EngineRequests.generation("a boat", 1)), 2).getFirst();
        String other = submit(2).getFirst();
        Runs runs = begun.take();
        runs.clips.add(1);
        runs.clips.add(2);
        assertEquals(2, begun.take().seed());
        QueuedJob paused = queue.jobs().getLast();
        assertEquals(draft, paused.id());
        assertEquals(2, paused.done());
        assertTrue(paused.isDraft());
        assertTrue(Files.exists(runs.folder));
        List<String> heard = new ArrayList<>();
        queue.watch(draft, hearing(heard)).close();
        assertEquals(List.of(PlainJson.text(evaluation(2)), "Queued"), heard);

        queue.stop(List.of(other));
        queue.resume(List.of(draft));

        Runs again = begun.take();
        assertEquals(runs.folder, again.folder);
        again.clips.add(3);
        again.end.complete(true);
        await(draft, Status.SUCCEEDED);
    }

    @Test
    void whatADraftHasToldOutlivesTheEngine() throws Exception {
        String draft = queue.draft(List.of(EngineRequests.generation("a boat", 1)), 1).getFirst();
        begun.take().clips.add(1);
        await(draft, Status.PAUSED);
        reopen();

        List<String> heard = new ArrayList<>();
        queue.watch(draft, hearing(heard)).close();
        assertEquals(List.of(PlainJson.text(evaluation(1)), "Queued"), heard);
    }

    @Test
    void aDraftThatWasPausedOrLostBeforeStaysOne() throws Exception {
        String draft = queue.draft(List.of(EngineRequests.generation("a boat", 1)), 2).getFirst();
        begun.take();
        queue.pause(List.of(draft));
        await(draft, Status.PAUSED);
        assertFalse(queue.jobs().getFirst().isDraft());
        queue.resume(List.of(draft));
        begun.take();
        reopen();
        begun.take().clips.add(2);
        await(draft, Status.PAUSED);
        assertTrue(queue.jobs().getFirst().isDraft());
    }

    @Test
    void aDraftThatIsDiscardedLeavesNothing() throws Exception {
        String draft = queue.draft(List.of(EngineRequests.generation("a boat", 1)), 1).getFirst();
        Runs runs = begun.take();
        runs.clips.add(1);
        await(draft, Status.PAUSED);
        queue.remove(List.of(draft));
        assertEquals(List.of(), queue.jobs());
        assertFalse(Files.exists(runs.folder));
    }

    @Test
    void aPendingJobCanBePausedEditedAndRemoved() throws Exception {
        List<String> jobs = submit(1, 2, 3);
        Runs first = begun.take();
        queue.pause(List.of(jobs.get(1)));
        queue.edit(jobs.get(2), EngineRequests.generation("a boat", 33));

        first.end.complete(true);

        Runs third = begun.take();
        assertEquals(33, third.seed());
        assertEquals(Status.PAUSED, status(jobs.get(1)));
        queue.remove(List.of(jobs.get(1)));
        assertEquals(
                List.of(jobs.get(0), jobs.get(2)),
                queue.jobs().stream().map(QueuedJob::id).toList());
    }

    @Test
    void whatRunsWhenTheEngineEndsGoesOnFirst() throws Exception {
        List<String> jobs = submit(1, 2);
        begun.take();

        reopen();

        assertEquals(1, begun.take().seed());
        assertEquals(List.of(jobs.get(1)), pending());
    }

    @Test
    void whileNothingCanBeWrittenNoJobIsLost() throws Exception {
        List<String> jobs = submit(1, 2);
        Runs first = begun.take();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + data + "/queue.db");
                Statement statement = other.createStatement()) {
            // Like a full disk this lets nobody write.
            statement.execute("BEGIN IMMEDIATE");
            first.end.complete(true);
            assertThrows(ProblemException.class, () -> submit(3));
            assertTrue(begun.isEmpty(), "the second job is not begun before that is on disk");
            statement.execute("ROLLBACK");
        }

        assertEquals(2, begun.take().seed());
        await(jobs.get(0), Status.SUCCEEDED);
        assertEquals(jobs, queue.jobs().stream().map(QueuedJob::id).toList());
    }

    @Test
    void whoFollowsKnowsTheOrderByThePlaces() throws Exception {
        List<String> jobs = submit(0, 1, 2, 3);
        begun.take();
        Map<String, QueuedJob> heard = new ConcurrentHashMap<>();
        queue.follow(
                new JobLedger.Listener() {
                    @Override
                    public void onChanged(QueuedJob job) {
                        heard.put(job.id(), job);
                    }

                    @Override
                    public void onRemoved(String job) {
                        heard.remove(job);
                    }
                });

        for (int i = 0; i < 61; i++) {
            queue.move(jobs.get(2 + i % 2), Optional.of(jobs.get(1)));
            List<String> order =
                    heard.values().stream()
                            .filter(job -> job.status() == Status.PENDING)
                            .sorted(Comparator.comparingDouble(QueuedJob::place))
                            .map(QueuedJob::id)
                            .toList();
            assertEquals(pending(), order);
        }
    }

    @Test
    void aJobThatOutlivedTheEngineSaysSoUntilSomebodyTellsItToGoOn() throws Exception {
        String job = submit(1).getFirst();
        begun.take();
        killed();
        begun.take();
        assertEquals(1, queue.jobs().getFirst().losses());

        queue.pause(List.of(job));
        await(job, Status.PAUSED);
        queue.resume(List.of(job));
        assertEquals(0, queue.jobs().getFirst().losses());
    }

    @Test
    void aJobThatEndsTheEngineTwiceAtOnePlaceIsParked() throws Exception {
        String job = submit(1).getFirst();
        begun.take();
        for (int i = 0; i < 2; i++) {
            killed();
        }

        assertEquals(Status.PARKED, status(job));
        assertInstanceOf(Problem.JobParked.class, queue.jobs().getFirst().problem().orElseThrow());
        queue.resume(List.of(job));
        begun.take();
        assertEquals(Status.RUNNING, status(job));
    }

    @Test
    void aJobThatGetsFurtherEachTimeIsNot() throws Exception {
        String job = submit(1).getFirst();
        for (int i = 1; i <= 4; i++) {
            begun.take().clips.add(i);
            while (queue.jobs().getFirst().done() < i) {
                Thread.sleep(5);
            }
            killed();
        }

        assertEquals(1, begun.take().seed());
        assertEquals(Status.RUNNING, status(job));
    }

    /** The database stays as a process that was killed leaves it. */
    private void killed() throws IOException {
        Path kept = data.resolve("kept");
        Files.createDirectories(kept);
        copy("queue.db", kept);
        copy("queue.db-wal", kept);
        queue.close();
        begun.clear();
        Files.deleteIfExists(data.resolve("queue.db-wal"));
        Files.deleteIfExists(data.resolve("queue.db-shm"));
        for (String name : List.of("queue.db", "queue.db-wal")) {
            if (Files.exists(kept.resolve(name))) {
                Files.move(
                        kept.resolve(name),
                        data.resolve(name),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        open();
    }

    private void copy(String name, Path to) throws IOException {
        if (Files.exists(data.resolve(name))) {
            Files.copy(data.resolve(name), to.resolve(name));
        }
    }

    @Test
    void whoComesLateHearsWhereAJobIs() throws Exception {
        String job = submit(1).getFirst();
        Runs runs = begun.take();
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        runs.clips.add(1);
        runs.clips.add(2);
        while (!runs.clips.isEmpty()) {
            Thread.sleep(2);
        }
        Thread.sleep(20);

        queue.watch(job, hearing(heard)).close();
        assertEquals(List.of("Running", PlainJson.text(evaluation(2))), heard);

        runs.end.complete(true);
        await(job, Status.SUCCEEDED);
        heard.clear();
        queue.watch(job, hearing(heard)).close();
        assertEquals(List.of(PlainJson.text(evaluation(2)), "Succeeded"), heard);
    }

    @Test
    void whoWatchesAJobThatWaitsHearsThatItIsGivenUp() throws Exception {
        List<String> jobs = submit(1, 2, 3);
        begun.take();
        List<String> heard = new ArrayList<>();
        queue.watch(jobs.get(1), hearing(heard));
        queue.watch(jobs.get(2), hearing(heard));

        queue.stop(List.of(jobs.get(1)));
        queue.remove(List.of(jobs.get(2)));

        assertEquals(List.of("Queued", "Queued", "Cancelled", "Cancelled"), heard);
    }

    @Test
    void whoWatchesAJobThatHasEndedHearsOfItOnce() throws Exception {
        String job = submit(1).getFirst();
        begun.take().end.complete(false);
        await(job, Status.FAILED);
        List<String> heard = new ArrayList<>();
        queue.watch(job, hearing(heard));

        queue.resume(List.of(job));
        begun.take().end.complete(true);
        await(job, Status.SUCCEEDED);

        assertEquals(List.of("Failed"), heard);
    }

    private static DurableQueue.Watcher hearing(List<String> heard) {
        return new DurableQueue.Watcher() {
            @Override
            public void onEvent(PlainJson.Written event) {
                heard.add(event.text());
            }

            @Override
            public void onState(JobState state) {
                heard.add(state.getClass().getSimpleName());
            }
        };
    }

    @Test
    void aJobThatIsNotThereIsAProblem() {
        for (String id : List.of("7", "", "x", "1; DROP TABLE jobs")) {
            assertThrows(ProblemException.class, () -> queue.pause(List.of(id)), id);
        }
    }

    private void closeAndExecute(String... statements) throws SQLException {
        queue.close();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("queue.db"));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void calibrationsOfAnOlderReleaseGiveWayAsTheyDid() throws Exception {
        quiet = false;
        String job = calibrate();
        submit(1);
        closeAndExecute(
                "UPDATE jobs SET request = '{\"type\":\"CalibrationRequest\",\"model\":\"starter\","
                        + "\"precision\":\"BF16\",\"givesWay\":true}' WHERE id = "
                        + job,
                "PRAGMA user_version = 3");

        open();

        assertEquals(2, queue.jobs().size());
        QueuedJob read =
                queue.jobs().stream().filter(one -> one.id().equals(job)).findFirst().orElseThrow();
        assertEquals(
                new CalibrationRequest("starter", Optional.of(Precision.BF16), false),
                read.request());
    }

    @Test
    void aQueueOfANewerReleaseIsLeftAlone() throws Exception {
        closeAndExecute("PRAGMA user_version = 1000");

        ProblemException e = assertThrows(ProblemException.class, this::open);

        assertTrue(e.problem().cause().contains("newer"), e.problem().cause());
        Files.delete(data.resolve("queue.db"));
        open();
    }
}
