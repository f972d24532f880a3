package dev.zoetrope.runtime.estimate;

import dev.zoetrope.runtime.device.DeviceMemory;
import dev.zoetrope.runtime.device.Memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What there is free.
 *
 * @param memory bytes that this process may have in all
 * @param deviceMemory bytes of a device that has its own
 * @param disk bytes where the result goes
 */
public record Room(long memory, OptionalLong deviceMemory, long disk) {

    /** Now, for a result at a place whose folders need not exist yet. */
    public static Room at(Path output, DeviceMemory device) {
        OptionalLong deviceMemory =
                device.now().stream().mapToLong(DeviceMemory.Use::free).findFirst();
        return new Room(Memory.availableBytes(), deviceMemory, disk(output));
    }

    private static long disk(Path output) {
        Path place = output.toAbsolutePath();
        while (!Files.exists(place) && place.getParent() != null) {
            place = place.getParent();
        }
        try {
            return Files.getFileStore(place).getUsableSpace();
        } catch (IOException unknown) {
            // A disk that does not tell is not warned of.
            return Long.MAX_VALUE;
        }
    }
}
