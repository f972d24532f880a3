package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;
import static org.bytedeco.ffmpeg.global.avutil.setLogCallback;

import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The library as a whole: loaded once, kept quiet, its errors put into words. FFmpeg writes its
 * complaints to the standard error stream unless told otherwise; here the last one of each thread
 * is kept, because it says more than the error number that follows it.
 */
final class Ffmpeg {
    private static final ThreadLocal<@Nullable String> COMPLAINT = new ThreadLocal<>();

    // FFmpeg keeps the callback's address only: this reference keeps the object behind it alive.
    private static final LogCallback LOG;

    static {
        // JavaCPP refuses to allocate once the process is much larger than the Java heap, which a
        // process that maps models of many gigabytes always is.
        System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        av_log_set_level(AV_LOG_ERROR);
        LOG =
                new LogCallback() {
                    @Override
                    public void call(int level, BytePointer message) {
                        String line = message.getString(StandardCharsets.UTF_8).strip();
                        if (!line.isEmpty()) {
                            COMPLAINT.set(line);
                        }
                    }
                };
        setLogCallback(LOG);
    }

    private Ffmpeg() {}

    /** Loads the libraries when they are not yet, and forgets this thread's last complaint. */
    static void begin() {
        COMPLAINT.remove();
    }

    /** What an error number means, with this thread's last complaint where there is one. */
    static String explain(int error) {
        byte[] text = new byte[128];
        av_strerror(error, text, text.length);
        String meaning = new BytePointer(text).getString(StandardCharsets.UTF_8);
        String complaint = COMPLAINT.get();
        return complaint == null ? meaning : meaning + " (" + complaint + ")";
    }

    /** An address that FFmpeg takes for nothing but this file, whatever its name looks like. */
    static String url(Path file) {
        return "file:" + file.toAbsolutePath();
    }

    /** Copies the tags of a container or a frame; a key that occurs twice keeps its first value. */
    static Map<String, String> tags(@Nullable AVDictionary dictionary) {
        Map<String, String> tags = new LinkedHashMap<>();
        AVDictionaryEntry entry = avutil.av_dict_iterate(dictionary, null);
        while (entry != null) {
            tags.putIfAbsent(
                    entry.key().getString(StandardCharsets.UTF_8),
                    entry.value().getString(StandardCharsets.UTF_8));
            entry = avutil.av_dict_iterate(dictionary, entry);
        }
        return tags;
    }
}
