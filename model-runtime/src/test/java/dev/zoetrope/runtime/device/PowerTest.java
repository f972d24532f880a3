package dev.zoetrope.runtime.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class PowerTest {
    @TempDir Path supplies;

    private void supply(String name, String type, String status, String scope) throws IOException {
        Path folder = Files.createDirectory(supplies.resolve(name));
        Files.writeString(folder.resolve("type"), type + "\n");
        Files.writeString(folder.resolve("status"), status + "\n");
        if (!scope.isEmpty()) {
            Files.writeString(folder.resolve("scope"), scope + "\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Battery, Discharging, '', true",
        "Battery, Discharging, System, true",
        "Battery, Charging, '', false",
        "Battery, Not charging, '', false",
        "Battery, Discharging, Device, false",
        "UPS, Discharging, '', false",
    })
    void onlyTheMachinesOwnBatteryThatIsBeingEmptiedCounts(
            String type, String status, String scope, boolean expected) throws IOException {
        Files.createDirectory(supplies.resolve("AC"));
        supply("BAT0", type, status, scope);
        assertEquals(expected, Power.isOnBattery(supplies));
    }

    @Test
    void aMachineThatSaysNothingIsNotOnBattery() {
        assertFalse(Power.isOnBattery(supplies));
        assertFalse(Power.isOnBattery(supplies.resolve("none")));
    }
}
