package dev.zoetrope.runtime.estimate;

import java.util.List;

/**
 * All that a request comes to, in the terms that its cost is known in.
 *
 * @param phases one after the other; their cost is time
 * @param memory at its peak
 * @param file the result
 * @param kept bytes on the disk while the work is done
 */
public record Workload(Machine machine, List<Work> phases, Work memory, Work file, long kept) {
    public Workload {
        phases = List.copyOf(phases);
    }
}
