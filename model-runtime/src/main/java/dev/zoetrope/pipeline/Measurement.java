package dev.zoetrope.pipeline;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.ResidentMemory;
import dev.zoetrope.runtime.estimate.Observation;
import dev.zoetrope.runtime.estimate.Work;
import dev.zoetrope.runtime.estimate.Workload;
import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What one piece of work takes, kept for later estimates if it went as it was counted. */
final class Measurement {
    private static final Logger LOG = LoggerFactory.getLogger(Measurement.class);

    private final UserFolders folders;
    private final ResidentMemory memory = ResidentMemory.ofThisProcess();
    private @Nullable Workload load;
    private boolean spoiled;
    private long peakBefore;

    /**
     * @param folders where times are kept
     */
    Measurement(UserFolders folders) {
        this.folders = folders;
    }

    /** Just before the work. */
    void begin(Supplier<Workload> counted) {
        try {
            load = counted.get();
        } catch (ProblemException e) {
            LOG.debug("the work cannot be counted", e);
        }
        memory.resetPeak();
        peakBefore = memory.peakMiB().orElse(0);
    }

    /** It goes on from where another process had come to, ended early, or ran out of memory. */
    void spoil() {
        spoiled = true;
    }

    /**
     * The work is done.
     *
     * @param times of its phases
     */
    void keep(List<Duration> times, Path output) {
        if (load == null || spoiled) {
            return;
        }
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            add(observations, load, load.phases().get(i), times.get(i).toNanos() / 1e9);
        }
        // Else it is that of a job before, where the system does not forget it.
        long peak = memory.peakMiB().orElse(0);
        if (peak > peakBefore) {
            add(observations, load, load.memory(), peak * 0x1p20);
        }
        add(observations, load, load.file(), size(output));
        new Timings(folders.timings()).add(observations);
    }

    private static void add(List<Observation> observations, Workload load, Work work, double cost) {
        if (cost > 0) {
            observations.add(
                    new Observation(System.currentTimeMillis(), load.machine(), work, cost));
        }
    }

    private static double size(Path output) {
        try (Stream<Path> all = Files.walk(output)) {
            return all.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
