package dev.zoetrope.cli;

import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.training.ClipCritic;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.TrainingClip;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Clips of one grey. Its critic looks at nothing but how many frames of what size there are. */
public final class Swatches implements ClipSource {
    @Override
    public String name() {
        return "swatches";
    }

    @Override
    public TrainingClip clip(long index, ClipShape shape) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(shape.bytes());
        while (rgb.hasRemaining()) {
            rgb.put((byte) (60 + index % 100));
        }
        return new TrainingClip(shape, rgb.flip(), index % 2 == 0 ? "a red boat" : "a blue sea");
    }

    @Override
    public Optional<ClipCritic> critic() {
        return Optional.of(
                new ClipCritic() {
                    @Override
                    public Map<String, String> meant(long index) {
                        return traits(16, 5);
                    }

                    @Override
                    public Map<String, String> seen(List<Frame> clip) {
                        return traits(clip.getFirst().width(), clip.size());
                    }
                });
    }

    private static Map<String, String> traits(int width, int frames) {
        Map<String, String> traits = new LinkedHashMap<>();
        traits.put("width", String.valueOf(width));
        traits.put("frames", String.valueOf(frames));
        return traits;
    }
}
