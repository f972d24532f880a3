package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import com.google.common.primitives.ImmutableLongArray;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * When each frame of a file is shown, and which can be decoded without the ones before. Learnt from
 * the packets alone, so it costs one reading of the file and no decoding.
 *
 * @param shown times of all frames in the stream's time base, ascending
 * @param keys times of the key frames, ascending
 */
record FrameIndex(ImmutableLongArray shown, ImmutableLongArray keys) {

    private static final FrameIndex UNKNOWN =
            new FrameIndex(ImmutableLongArray.of(), ImmutableLongArray.of());

    /** Reads through a file; without a single time when not every packet tells its own. */
    static FrameIndex scan(Path file) {
        try (Demuxer demuxer = Demuxer.open(file)) {
            AVStream stream = demuxer.video();
            demuxer.only(stream);
            ImmutableLongArray.Builder shown = ImmutableLongArray.builder();
            ImmutableLongArray.Builder keys = ImmutableLongArray.builder();
            for (AVPacket packet = demuxer.next(stream);
                    packet != null;
                    packet = demuxer.next(stream)) {
                if (packet.pts() == AV_NOPTS_VALUE) {
                    return UNKNOWN;
                }
                if ((packet.flags() & AV_PKT_FLAG_DISCARD) == 0) {
                    shown.add(packet.pts());
                }
                if ((packet.flags() & AV_PKT_FLAG_KEY) != 0) {
                    keys.add(packet.pts());
                }
            }
            return new FrameIndex(sorted(shown), sorted(keys));
        }
    }

    private static ImmutableLongArray sorted(ImmutableLongArray.Builder times) {
        long[] array = times.build().toArray();
        Arrays.sort(array);
        return ImmutableLongArray.copyOf(array);
    }

    /** How many frames are shown at or before a time. */
    int countUpTo(long timestamp) {
        return countUpTo(shown, timestamp);
    }

    /** How many key frames are shown at or before a time. */
    int keysUpTo(long timestamp) {
        return countUpTo(keys, timestamp);
    }

    private static int countUpTo(ImmutableLongArray times, long timestamp) {
        int low = 0;
        int high = times.length();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times.get(middle) <= timestamp) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
