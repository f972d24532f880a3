package dev.zoetrope.runtime.device;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;

/** How this machine's processors are used, as the system says. For one thread at a time. */
public final class ProcessorTime implements OtherPrograms {
    private long asked = System.nanoTime();
    private long own;

    @Override
    public double share() {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        double all = system.getCpuLoad(); // since this process last asked
        long now = System.nanoTime();
        long ownNow = system.getProcessCpuTime();
        double mine = (double) (ownNow - own) / (now - asked) / system.getAvailableProcessors();
        asked = now;
        own = ownNow;
        return Double.isNaN(all) ? 0 : Math.clamp(all - mine, 0, 1);
    }
}
