package dev.zoetrope.pipeline;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.DeviceMemory;
import dev.zoetrope.runtime.device.OtherPrograms;
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
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What one piece of work takes, kept for later estimates if it went as it was counted. */
final class Measurement {
    private static final Logger LOG = LoggerFactory.getLogger(Measurement.class);

    private final UserFolders folders;
    private final DeviceMemory device;
    private final OtherPrograms others;
    private final ResidentMemory memory = ResidentMemory.ofThisProcess();
    private @Nullable Workload load;
    private boolean spoiled;
    private long peakBefore;
    private OptionalLong deviceBefore = OptionalLong.empty();
    private long devicePeak;

    /**
     * @param folders where times are kept
     * @param device whose memory is watched, if it has any
     * @param others that want the processors meanwhile
     */
    Measurement(UserFolders folders, DeviceMemory device, OtherPrograms others) {
        this.folders = folders;
        this.device = device;
        this.others = others;
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
        Kernels.releaseDeviceMemory();
        deviceBefore = deviceMemory();
        others.share(); // From here on.
    }

    private OptionalLong deviceMemory() {
        return device.now().stream().mapToLong(DeviceMemory.Use::used).findFirst();
    }

    /**
     * Something of it is done. What libtorch has had of a device's memory it keeps, so that to look
     * after each step is enough to see the most of it.
     */
    void look() {
        devicePeak = Math.max(devicePeak, deviceMemory().orElse(0));
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
        Workload load = this.load;
        if (load == null || spoiled) {
            return;
        }
        double disturbed = others.share();
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            double seconds = times.get(i).toNanos() / 1e9;
            add(observations, load, load.phases().get(i), seconds, disturbed);
        }
        // Else it is that of a job before, where the system does not forget it.
        long peak = memory.peakMiB().orElse(0);
        if (peak > peakBefore) {
            add(observations, load, load.memory(), peak * 0x1p20, 0);
        }
        look();
        long deviceTook = devicePeak - deviceBefore.orElse(devicePeak);
        load.deviceMemory()
                .ifPresent(work -> add(observations, load, work, (double) deviceTook, 0));
        Kernels.releaseDeviceMemory();
        add(observations, load, load.file(), size(output), 0);
        new Timings(folders.timings()).add(observations);
    }

    private static void add(
            List<Observation> observations,
            Workload load,
            Work work,
            double cost,
            double disturbed) {
        if (cost > 0) {
            observations.add(
                    new Observation(
                            System.currentTimeMillis(), load.machine(), work, cost, disturbed));
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
