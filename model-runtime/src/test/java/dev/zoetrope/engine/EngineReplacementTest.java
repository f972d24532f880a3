package dev.zoetrope.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Computing;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** What an engine computes with is what is asked for when it starts. */
@Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
class EngineReplacementTest {
    @TempDir Path temp;

    private static Computing threads(int count) {
        return new Computing(Optional.of(ComputeDevice.CPU), OptionalInt.of(count));
    }

    @AfterEach
    void end() {
        Engines.kill(new UserFolders(temp));
    }

    @Test
    void theNextEngineComputesWithWhatIsWantedThen() {
        var folders = new UserFolders(temp);
        Computing[] wanted = {threads(1)};
        try (var client = EngineClient.own(folders, () -> wanted[0])) {
            assertEquals(1, client.equipment().threads());
            long first = Engines.of(folders).orElseThrow().pid();
            wanted[0] = threads(2);
            assertEquals(1, client.equipment().threads());
            client.restart();
            assertEquals(2, client.equipment().threads());
            assertNotEquals(first, Engines.of(folders).orElseThrow().pid());
        }
    }
}
