package dev.zoetrope.runtime.media;

import java.util.Map;
import java.util.Optional;

/**
 * What a video file says of itself, after its rotation is applied.
 *
 * @param width columns as shown, in pixels
 * @param height rows as shown, in pixels
 * @param fps average frames per second, above 0
 * @param frames number of frames; exact when the container says so, else estimated from the
 *     duration
 * @param durationMicros length in microseconds
 * @param codec FFmpeg's name of how the pictures are coded, such as {@code h264}
 * @param audio whether there is a sound track
 * @param metadata the container's tags, keys as written
 */
public record ClipInfo(
        int width,
        int height,
        double fps,
        long frames,
        long durationMicros,
        String codec,
        boolean audio,
        Map<String, String> metadata) {
    public ClipInfo {
        metadata = Map.copyOf(metadata);
    }

    public FrameSize size() {
        return new FrameSize(height, width);
    }

    /** The value of a tag, whatever the case of its key: WebM writes all keys in capitals. */
    public Optional<String> tag(String key) {
        return metadata.entrySet().stream()
                .filter(tag -> tag.getKey().equalsIgnoreCase(key))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
