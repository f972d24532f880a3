package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;

class FingerprintTest {
    @TempDir Path temp;

    @Test
    void theContentHasOneFingerprintWhereverAndWheneverItWasCopied() throws IOException {
        Path first = TestCodec.copyTo(temp.resolve("first"));
        Path second = TestCodec.copyTo(temp.resolve("second"));
        Path renamed = second.resolve("codec.safetensors");
        Files.move(second.resolve("model.safetensors"), renamed);
        Files.setLastModifiedTime(renamed, FileTime.fromMillis(0));

        assertEquals(fingerprint(first), fingerprint(second));
        assertEquals(16, fingerprint(first).length());
    }

    @Test
    void everyTensorAndTheConfigurationAndTheSettingsCount() throws IOException {
        Path place = TestCodec.copyTo(temp.resolve("codec"));
        String before = fingerprint(place);
        Path weights = place.resolve("model.safetensors");
        for (TensorSlice tensor : WeightFile.open(weights).tensors().values()) {
            try (FileChannel file =
                    FileChannel.open(weights, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer old = ByteBuffer.allocate(1);
                file.read(old, tensor.offset());
                file.write(ByteBuffer.wrap(new byte[] {(byte) ~old.get(0)}), tensor.offset());
                assertNotEquals(before, fingerprint(place), tensor.shape().toString());
                file.write(old.flip(), tensor.offset());
            }
        }
        assertEquals(before, fingerprint(place));
        assertNotEquals(before, Fingerprint.ofContent("other", List.of(Component.open(place))));

        Path config = place.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("\\{", "{\"more\": 1,"));
        assertNotEquals(before, fingerprint(place));
    }

    private static String fingerprint(Path place) {
        return Fingerprint.ofContent("", List.of(Component.open(place)));
    }
}
