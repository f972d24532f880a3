package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_PAL8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB32;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How FFmpeg is asked for a format. The qualities are chosen so that the loss is hard to see at the
 * clip's own size: 45 dB and more for smooth footage.
 *
 * @param container FFmpeg's name of the file format; empty for a folder of pictures
 * @param encoder FFmpeg's name of the encoder
 * @param pixelFormat that the encoder takes
 * @param encoderOptions of the encoder
 * @param containerOptions of the file format
 * @param sound FFmpeg's name of the encoder for sound that cannot be copied; empty for no sound
 */
record Encoding(
        String container,
        String encoder,
        int pixelFormat,
        Map<String, String> encoderOptions,
        Map<String, String> containerOptions,
        String sound) {

    /** Options by which encoders are told how much they may lose. */
    private static final Set<String> QUALITY = Set.of("crf", "qmin", "qmax", "quality");

    /** Viewers slow a GIF down whose frames follow each other faster. */
    private static final long GIF_MIN_FRAME_MICROS = 20_000;

    static Encoding of(VideoFormat format) {
        return switch (format) {
            case MP4 ->
                    new Encoding(
                            "mp4",
                            "libopenh264",
                            AV_PIX_FMT_YUV420P,
                            // The range of quantisers decides; the bit rate must only not be in its
                            // way.
                            Map.of("rc_mode", "quality", "qmin", "18", "qmax", "22", "b", "50M"),
                            Map.of("movflags", "+faststart+use_metadata_tags"),
                            "aac");
            case WEBM_VP9 ->
                    new Encoding(
                            "webm",
                            "libvpx-vp9",
                            AV_PIX_FMT_YUV420P,
                            Map.of(
                                    "crf",
                                    "20",
                                    "b",
                                    "0",
                                    "deadline",
                                    "realtime",
                                    "cpu-used",
                                    "6",
                                    "row-mt",
                                    "1"),
                            Map.of(),
                            "libopus");
            case WEBM_AV1 ->
                    new Encoding(
                            "webm",
                            "libsvtav1",
                            AV_PIX_FMT_YUV420P,
                            Map.of("crf", "18", "preset", "8"),
                            Map.of(),
                            "libopus");
            case WEBP ->
                    new Encoding(
                            "webp",
                            // Not libwebp_anim: it leaves slow changes out for good.
                            "libwebp",
                            AV_PIX_FMT_RGB32,
                            Map.of("quality", "90", "compression_level", "2"),
                            Map.of("loop", "0"),
                            "");
            case GIF ->
                    new Encoding("gif", "gif", AV_PIX_FMT_PAL8, Map.of(), Map.of("loop", "0"), "");
            case PNG_FRAMES ->
                    new Encoding(
                            "", "png", AV_PIX_FMT_RGB24, Map.of("pred", "paeth"), Map.of(), "");
        };
    }

    /** Frames that follow the last one sooner are left out. */
    long minFrameMicros() {
        return isGif() ? GIF_MIN_FRAME_MICROS : 1;
    }

    /** The encoder and how much it may lose, in its own terms. */
    String words() {
        String quality =
                new TreeMap<>(encoderOptions)
                        .entrySet().stream()
                                .filter(option -> QUALITY.contains(option.getKey()))
                                .map(option -> " " + option.getKey() + " " + option.getValue())
                                .collect(Collectors.joining());
        return encoder + quality;
    }

    boolean isGif() {
        return encoder.equals("gif");
    }

    boolean isH264() {
        return encoder.equals("libopenh264");
    }
}
