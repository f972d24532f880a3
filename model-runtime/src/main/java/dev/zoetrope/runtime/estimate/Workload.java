package dev.zoetrope.runtime.estimate;

import java.util.List;
import java.util.Optional;

/**
 * All that a request comes to, in the terms that its cost is known in.
 *
 * @param phases one after the other; their cost is time
 * @param memory at its peak
 * @param deviceMemory at its peak, of a device that has its own
 * @param file the result
 * @param kept bytes on the disk while the work is done
 */
public record Workload(
        Machine machine,
        List<Work> phases,
        Work memory,
        Optional<Work> deviceMemory,
        Work file,
        long kept) {
    public Workload {
        phases = List.copyOf(phases);
    }
}
