package dev.zoetrope.runtime.device;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;

/** The memory of this machine. */
public final class Memory {
    private Memory() {}

    /** All of it, or what the container this process runs in may use. */
    public static long totalBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }
}
