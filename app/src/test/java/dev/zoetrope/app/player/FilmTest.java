package dev.zoetrope.app.player;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.zoetrope.runtime.media.Frame;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

final class FilmTest {
    private static Frame frame(int red, int green, int blue) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(3);
        rgb.put((byte) red).put((byte) green).put((byte) blue);
        return new Frame(1, 1, rgb.flip(), 0);
    }

    private final Film film =
            Film.of(List.of(frame(0x11, 0x22, 0xff), frame(0, 0, 0), frame(1, 2, 3)), 4);

    @Test
    void picturesAreOpaqueAndTheirEdgesAreThereTwice() {
        ByteBuffer first = film.pictures().getFirst().order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(4 * 3 * 3, first.capacity());
        for (int at = 0; at < first.capacity(); at += 4) {
            assertEquals(0xff1122ff, first.getInt(at));
        }
    }

    @Test
    void timeChoosesThePicture() {
        assertEquals(0.75, film.seconds());
        assertEquals(0, film.at(0.24));
        assertEquals(1, film.at(0.25));
        assertEquals(2, film.at(9));
        assertEquals(0, film.at(-1));
    }
}
