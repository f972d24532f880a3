package dev.zoetrope.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Two hundred small jobs, and somebody who cannot make up their mind. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
@Timeout(value = 360, threadMode = ThreadMode.SEPARATE_THREAD)
class EngineSoakTest extends WithEngine {
    private static final int JOBS = 200;
    private static final int KILLS = 3;
    private static final int JOBS_TO_SETTLE = 40;

    private final Random random = new Random(1);
    private final Map<String, Path> outputs = new HashMap<>();

    @Test
    void noneIsLostNoneIsDoubledAndMemoryStays() throws Exception {
        // Kills come first, so that one engine's memory is looked at from then on.
        List<String> first = submit(JOBS / 4);
        for (int kill = 1; kill <= KILLS; kill++) {
            int done = kill * first.size() / (KILLS + 1);
            await(jobs -> ended(jobs, first) >= done);
            disturb(first);
            Engines.kill(folders);
        }
        settle(first);

        settle(submit(JOBS_TO_SETTLE));
        long settled = residentKib();
        List<String> rest = submit(JOBS - JOBS / 4 - JOBS_TO_SETTLE);
        while (ended(client.jobs(), rest) < rest.size() / 2) {
            disturb(rest);
            Thread.sleep(50);
        }
        settle(rest);
        long resident = residentKib();

        List<QueuedJob> all = client.jobs();
        assertEquals(JOBS, all.size());
        assertEquals(outputs.keySet(), ids(all));
        for (QueuedJob job : all) {
            assertEquals(Status.SUCCEEDED, job.status(), job.id());
            assertTrue(Files.size(outputs.get(job.id())) > 0, job.id());
        }
        try (var files = Files.list(out)) {
            assertEquals(JOBS, files.count());
        }
        try (var kept = Files.list(folders.data().resolve("jobs"))) {
            assertEquals(0, kept.count(), "what jobs kept to go on from");
        }
        System.out.printf(
                "engine's resident memory: %d MiB after it settled, %d MiB at the end%n",
                settled >> 10, resident >> 10);
        assertTrue(resident < 1.05 * settled, settled + " KiB, then " + resident);
    }

    private List<String> submit(int count) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = outputs.size() + i;
            requests.add(generation(3, number, out.resolve("%03d.mp4".formatted(number))));
        }
        List<String> ids = client.submit(requests);
        for (int i = 0; i < count; i++) {
            outputs.put(ids.get(i), requests.get(i).output());
        }
        return ids;
    }

    private void disturb(List<String> jobs) {
        List<String> some = List.of(any(jobs), any(jobs), any(jobs));
        switch (random.nextInt(8)) {
            case 0 -> client.pause(some);
            case 1 -> client.stop(some);
            case 2 -> client.move(some.getFirst(), Optional.of(some.getLast()));
            case 3 -> client.finishEarly(some);
            default -> client.resume(jobs);
        }
    }

    private String any(List<String> jobs) {
        return jobs.get(random.nextInt(jobs.size()));
    }

    /** Lets go on what was stopped, until all are done. */
    private void settle(List<String> jobs) throws InterruptedException {
        await(all -> {
            client.resume(jobs);
            return ended(all, jobs) == jobs.size();
        });
    }

    private void await(Predicate<List<QueuedJob>> reached) throws InterruptedException {
        while (!reached.test(client.jobs())) {
            Thread.sleep(50);
        }
    }

    private static long ended(List<QueuedJob> all, List<String> jobs) {
        return all.stream()
                .filter(job -> jobs.contains(job.id()) && job.status() == Status.SUCCEEDED)
                .count();
    }

    private static Set<String> ids(List<QueuedJob> jobs) {
        return jobs.stream().map(QueuedJob::id).collect(Collectors.toSet());
    }

    private long residentKib() throws IOException {
        long process = Engines.of(folders).orElseThrow().pid();
        return Files.readAllLines(Path.of("/proc/%d/status".formatted(process))).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .findFirst()
                .orElseThrow();
    }
}
