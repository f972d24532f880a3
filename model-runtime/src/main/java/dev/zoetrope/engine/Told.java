package dev.zoetrope.engine;

import com.google.common.collect.ImmutableList;

import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.media.Frame;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job that does not run has told before, in its folder, for those who come to watch it: what
 * a draft looks like outlives the engine as its state does.
 */
final class Told {
    private static final Logger LOG = LoggerFactory.getLogger(Told.class);

    private Told() {}

    private static Path in(Path folder) {
        return folder.resolve("told");
    }

    /** Keeps it in place of what was there; the log says when that cannot be. */
    static void keep(Path folder, List<PlainJson.Written> events) {
        try {
            Files.createDirectories(folder);
            WholeFile.write(in(folder), bytes(events));
        } catch (IOException e) {
            LOG.warn("what was told cannot be kept in {}", folder, e);
        }
    }

    private static byte[] bytes(List<PlainJson.Written> events) {
        var bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(events.size());
            for (PlainJson.Written event : events) {
                byte[] text = event.text().getBytes(StandardCharsets.UTF_8);
                out.writeInt(text.length);
                out.write(text);
                out.writeInt(event.frames().size());
                for (Frame frame : event.frames()) {
                    out.writeInt(frame.width());
                    out.writeInt(frame.height());
                    out.writeLong(frame.timeMicros());
                    byte[] rgb = new byte[frame.rgb().remaining()];
                    frame.rgb().get(0, rgb);
                    out.write(rgb);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What was kept; nothing where that cannot be read. */
    static List<PlainJson.Written> read(Path folder) {
        Path file = in(folder);
        if (!Files.exists(file)) {
            return List.of();
        }
        ImmutableList.Builder<PlainJson.Written> events = ImmutableList.builder();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            for (int left = in.readInt(); left > 0; left--) {
                String text = new String(exactly(in, in.readInt()), StandardCharsets.UTF_8);
                List<Frame> frames = new ArrayList<>();
                for (int more = in.readInt(); more > 0; more--) {
                    int width = in.readInt();
                    int height = in.readInt();
                    long time = in.readLong();
                    byte[] rgb = exactly(in, 3 * width * height);
                    frames.add(
                            new Frame(
                                    width,
                                    height,
                                    ByteBuffer.allocateDirect(rgb.length).put(rgb).flip(),
                                    time));
                }
                events.add(new PlainJson.Written(text, frames));
            }
        } catch (IOException e) {
            LOG.warn("what was told cannot be read from {}", file, e);
            return List.of();
        }
        return events.build();
    }

    private static byte[] exactly(DataInputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}
