package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;
import static org.bytedeco.ffmpeg.global.avutil.setLogCallback;

import com.google.common.primitives.Bytes;

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
import java.util.regex.Pattern;

/**
 * The library as a whole: loaded once, kept quiet, its errors put into words. FFmpeg writes its
 * complaints to the standard error stream unless told otherwise; here the first one of an operation
 * is kept, because it says more than the error number that follows.
 */
final class Ffmpeg {
    /** The part of FFmpeg that speaks, and its address, at the start of a line. */
    private static final Pattern SPEAKER = Pattern.compile("^\\[[^]]* @ [^]]*] ");

    /** The commonest complaint by far, and the least understood. */
    private static final String MP4_WITHOUT_INDEX = "moov atom not found";

    private static final int MAX_MEANING_BYTES = 128;

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
                        String line = message.getString(StandardCharsets.UTF_8);
                        line = SPEAKER.matcher(line).replaceFirst("").strip();
                        if (COMPLAINT.get() == null && !line.isEmpty()) {
                            COMPLAINT.set(line);
                        }
                    }
                };
        setLogCallback(LOG);
    }

    private Ffmpeg() {}

    /** Begins an operation: loads the libraries, and forgets what this thread has heard so far. */
    static void begin() {
        COMPLAINT.remove();
    }

    /** What an error number means. */
    static String meaning(int error) {
        if (error == AVERROR_INVALIDDATA) {
            return "its content is damaged, or in a format that is not known";
        } else if (error == AVERROR_EOF) {
            return "it ends too soon";
        }
        byte[] text = new byte[MAX_MEANING_BYTES];
        av_strerror(error, text, text.length);
        return new String(text, 0, Bytes.indexOf(text, (byte) 0), StandardCharsets.UTF_8);
    }

    /** What an error number means, with the operation's first complaint where there is one. */
    static String explain(int error) {
        return withComplaint(meaning(error));
    }

    /** Adds the operation's first complaint to a reason, where there is one. */
    static String withComplaint(String reason) {
        String complaint = COMPLAINT.get();
        if (MP4_WITHOUT_INDEX.equals(complaint)) {
            return "its index is missing, as when a recording or a download stops early";
        }
        return complaint == null ? reason : reason + " (" + complaint + ")";
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
