package dev.zoetrope.runtime.device;

import java.util.Arrays;
import java.util.Optional;

/** What models compute on. */
public enum ComputeDevice {
    /** The processor. */
    CPU,
    /** The first GPU of NVIDIA's, where libtorch has been built for it. */
    CUDA;

    /** The system property by which one of them is asked for; without it the fastest is taken. */
    public static final String PROPERTY = "zoetrope.device";

    /** The one asked for. */
    public static Optional<ComputeDevice> wanted() {
        String name = System.getProperty(PROPERTY);
        return Arrays.stream(values()).filter(one -> one.name().equalsIgnoreCase(name)).findFirst();
    }
}
