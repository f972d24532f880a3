package dev.zoetrope.runtime.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sine tones in WAV files. */
public final class TestSound {
    private static final int RATE = 44_100;

    private TestSound() {}

    /**
     * Writes tones of one channel, 16 bits and 44.1 kHz.
     *
     * @param hertzAndSeconds of each tone
     */
    public static Path write(Path file, double... hertzAndSeconds) throws IOException {
        int samples = 0;
        for (int tone = 0; tone < hertzAndSeconds.length; tone += 2) {
            samples += samples(hertzAndSeconds[tone + 1]);
        }
        ByteBuffer wav = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(36 + 2 * samples).put(ascii("WAVE"));
        wav.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) 1);
        wav.putInt(RATE).putInt(2 * RATE).putShort((short) 2).putShort((short) 16);
        wav.put(ascii("data")).putInt(2 * samples);
        for (int tone = 0; tone < hertzAndSeconds.length; tone += 2) {
            for (int i = 0; i < samples(hertzAndSeconds[tone + 1]); i++) {
                double phase = 2 * Math.PI * hertzAndSeconds[tone] * i / RATE;
                wav.putShort((short) (12_000 * Math.sin(phase)));
            }
        }
        return Files.write(file, wav.array());
    }

    private static int samples(double seconds) {
        return (int) (RATE * seconds);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
