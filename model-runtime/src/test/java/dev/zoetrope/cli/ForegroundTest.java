package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobQueue;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.TestClips;
import dev.zoetrope.runtime.media.VideoFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

class ForegroundTest {
    private static final JobListener<Object> NOBODY =
            new JobListener<>() {
                @Override
                public void onEvent(Object event) {}
            };

    @TempDir Path folder;

    @Test
    void aStepThatGoesOnIsNotWaitedForAndLeavesNoHalfFile() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch step = new CountDownLatch(1);
        try (JobQueue queue = new JobQueue();
                FrameWriter writer =
                        FrameWriter.create(
                                folder.resolve("a.mp4"), VideoFormat.MP4, 48, 32, 24, Map.of())) {
            TestClips.frames(2, 48, 32, 24).forEach(writer::write);
            Job job =
                    queue.submit(
                            (_, _) -> {
                                begun.countDown();
                                step.await();
                            },
                            NOBODY);
            begun.await();
            long start = System.nanoTime();

            new Foreground(1).stop(job);

            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, took.toString());
            try (Stream<Path> files = Files.list(folder)) {
                assertEquals(0, files.count());
            }
            step.countDown();
        }
    }

    @Test
    void aJobThatStopsIsWaitedForSoThatItTidiesUpItself() throws Exception {
        AtomicLong tidied = new AtomicLong();
        CountDownLatch begun = new CountDownLatch(1);
        try (JobQueue queue = new JobQueue()) {
            Job job =
                    queue.submit(
                            (_, stop) -> {
                                begun.countDown();
                                while (!stop.isRequested()) {
                                    Thread.sleep(1);
                                }
                                Thread.sleep(100);
                                tidied.incrementAndGet();
                            },
                            NOBODY);
            begun.await();

            new Foreground(20).stop(job);

            assertEquals(1, tidied.get());
        }
    }
}
