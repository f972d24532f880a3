package dev.zoetrope.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.media.Frame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

class ToldTest {
    private static final List<PlainJson.Written> EVENTS =
            List.of(
                    PlainJson.write(new GenerationEvent.Stepped(3, 24, List.of())),
                    PlainJson.write(
                            new GenerationEvent.Stepped(2, 24, List.of(frame(0), frame(40)))));

    @TempDir Path data;

    private static Frame frame(long time) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(6).put(new byte[] {1, -2, 3, 4, 5, 6}).flip();
        return new Frame(2, 1, rgb, time);
    }

    @Test
    void whatWasToldComesBackWithItsPictures() {
        Path folder = data.resolve("jobs/1");
        Told.keep(folder, EVENTS);
        assertEquals(EVENTS, Told.read(folder));

        Told.keep(folder, EVENTS.subList(0, 1));
        assertEquals(EVENTS.subList(0, 1), Told.read(folder));
    }

    @Test
    void nothingWasToldWhereNothingIsKeptOrItIsDamaged() throws IOException {
        assertEquals(List.of(), Told.read(data));

        Told.keep(data, EVENTS);
        Path file = data.resolve("told");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertEquals(List.of(), Told.read(data));
    }
}
