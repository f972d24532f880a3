package dev.zoetrope.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

final class EngineAddressTest {
    @TempDir Path data;

    @Test
    void itIsReadAsItWasWritten() {
        var address = new EngineAddress(40123, 1L << 40, "a-token=");

        address.write(data);

        assertEquals(Optional.of(address), EngineAddress.read(data));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "port=1\nprocess=2", "port=x\nprocess=2\ntoken=t", "\\uzzzz"})
    void oneThatIsDamagedIsNone(String content) throws IOException {
        Files.writeString(data.resolve("engine.properties"), content);

        assertEquals(Optional.empty(), EngineAddress.read(data));
    }
}
