package dev.zoetrope.runtime.estimate;

import dev.zoetrope.runtime.device.Memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What there is free.
 *
 * @param memory bytes that this process may have in all
 * @param disk bytes where the result goes
 */
public record Room(long memory, long disk) {

    /** Now, for a result at a place whose folders need not exist yet. */
    public static Room at(Path output) {
        Path place = output.toAbsolutePath();
        while (!Files.exists(place) && place.getParent() != null) {
            place = place.getParent();
        }
        try {
            return new Room(Memory.availableBytes(), Files.getFileStore(place).getUsableSpace());
        } catch (IOException unknown) {
            // A disk that does not tell is not warned of.
            return new Room(Memory.availableBytes(), Long.MAX_VALUE);
        }
    }
}
