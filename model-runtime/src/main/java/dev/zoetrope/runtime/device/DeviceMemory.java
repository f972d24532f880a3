package dev.zoetrope.runtime.device;

import java.util.Optional;

/** The memory that the device has of its own, apart from the machine's. */
@FunctionalInterface
public interface DeviceMemory {
    /**
     * How it is used.
     *
     * @param used bytes, by all programs together
     * @param total bytes
     */
    record Use(long used, long total) {
        public long free() {
            return total - used;
        }
    }

    /** Now; empty where the device has none, or does not tell. */
    Optional<Use> now();
}
