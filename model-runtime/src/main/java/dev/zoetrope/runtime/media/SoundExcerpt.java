package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * The packets of a file's sound that belong to a stretch of its pictures.
 *
 * @param start of the stretch in seconds of the file's own clock
 * @param duration of the stretch in seconds
 */
record SoundExcerpt(Demuxer demuxer, AVStream stream, double start, double duration)
        implements AutoCloseable {

    /**
     * Opens a file at a stretch.
     *
     * @param start seconds from the first picture
     * @return null when the file has no sound
     */
    static @Nullable SoundExcerpt open(Path file, double start, double duration) {
        Demuxer demuxer = Demuxer.open(file);
        try {
            AVStream sound = demuxer.audio();
            if (sound == null) {
                demuxer.close();
                return null;
            }
            AVStream pictures = demuxer.best(AVMEDIA_TYPE_VIDEO);
            double origin = start(pictures == null ? sound : pictures);
            demuxer.only(sound);
            SoundExcerpt excerpt = new SoundExcerpt(demuxer, sound, origin + start, duration);
            if (start > 0) {
                // Where seeking fails, reading from the front finds the same packets.
                demuxer.seek(sound, excerpt.ticks(excerpt.start));
            }
            return excerpt;
        } catch (RuntimeException e) {
            demuxer.close();
            throw e;
        }
    }

    private static double start(AVStream stream) {
        long start = stream.start_time();
        return start == AV_NOPTS_VALUE ? 0 : start * secondsPerTick(stream);
    }

    private static double secondsPerTick(AVStream stream) {
        AVRational tick = stream.time_base();
        return (double) tick.num() / tick.den();
    }

    /** Ticks of the stream's clock. */
    long ticks(double seconds) {
        return Math.round(seconds / secondsPerTick(stream));
    }

    /** Seconds from the start of the stretch. */
    double seconds(long timestamp) {
        return timestamp * secondsPerTick(stream) - start;
    }

    /**
     * The next packet that sounds within the stretch, valid until the next call; null at its end.
     */
    @Nullable AVPacket next() {
        for (AVPacket packet = demuxer.next(stream);
                packet != null;
                packet = demuxer.next(stream)) {
            if (packet.pts() == AV_NOPTS_VALUE) {
                continue;
            }
            if (seconds(packet.pts()) >= duration) {
                return null;
            }
            if (seconds(packet.pts() + Math.max(1, packet.duration())) > 0) {
                return packet;
            }
        }
        return null;
    }

    @Override
    public void close() {
        demuxer.close();
    }
}
