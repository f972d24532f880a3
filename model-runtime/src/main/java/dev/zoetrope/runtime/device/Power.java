package dev.zoetrope.runtime.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where this machine has its power from, as Linux says; other systems are not asked. */
public final class Power {
    private Power() {}

    /** Whether a battery is being emptied to keep the machine going. */
    public static boolean isOnBattery() {
        return isOnBattery(Path.of("/sys/class/power_supply"));
    }

    /**
     * @param supplies a folder with one of each supply
     */
    static boolean isOnBattery(Path supplies) {
        if (!Files.isReadable(supplies)) {
            return false;
        }
        try (Stream<Path> all = Files.list(supplies)) {
            return all.anyMatch(Power::isBeingEmptied);
        } catch (IOException e) {
            return false;
        }
    }

    /** The battery of a mouse says that it is one of a device. */
    private static boolean isBeingEmptied(Path supply) {
        return text(supply, "type").equals("Battery")
                && text(supply, "status").equals("Discharging")
                && !text(supply, "scope").equals("Device");
    }

    private static String text(Path supply, String what) {
        try {
            return Files.readString(supply.resolve(what)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
