package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_sample_aspect_ratio;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;

import dev.zoetrope.runtime.problem.Problem;

import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A clip in any format that FFmpeg decodes. */
final class FfmpegClip implements FrameSource {
    /** What a picture that does not move is given, and a stream that does not tell its rate. */
    private static final double DEFAULT_FPS = 25;

    /** Key frames tried before a seek gives up on them and decodes from the start. */
    private static final int SEEK_ATTEMPTS = 3;

    private static final int FRAME_IS_KEY = 1 << 1;
    private static final double MICROS = 1e6;

    private final Path file;
    private final RgbConverter converter = new RgbConverter();
    private final ClipInfo info;
    private final Orientation orientation;
    private final long origin;
    private final double secondsPerTick;
    private VideoTrack track;
    private long skippedBefore;
    private @Nullable FrameIndex index;

    /** Decoded but not yet read; the track's own frame. */
    private @Nullable AVFrame held;

    /** The last decoded frame's time in ticks from the origin; negative before the first. */
    private long position = -1;

    private FfmpegClip(Path file, VideoTrack track, AVFrame first) {
        this.file = file;
        this.track = track;
        AVStream stream = track.stream();
        secondsPerTick = seconds(stream.time_base());
        long stamp = first.best_effort_timestamp();
        origin = stamp == AV_NOPTS_VALUE ? 0 : stamp;
        orientation = orientation(stream, first);
        info = describe(track, first);
    }

    static FfmpegClip open(Path file) {
        VideoTrack track = VideoTrack.open(file);
        try {
            AVFrame first = track.next();
            if (first == null) {
                throw track.demuxer()
                        .unreadable(Ffmpeg.withComplaint("not one frame of it can be decoded"));
            }
            FfmpegClip clip = new FfmpegClip(file, track, first);
            clip.hold(first);
            return clip;
        } catch (RuntimeException e) {
            track.close();
            throw e;
        }
    }

    private ClipInfo describe(VideoTrack track, AVFrame first) {
        AVFormatContext context = track.demuxer().context();
        AVStream stream = track.stream();
        double aspect = pixelAspect(context, stream, first);
        long width = aspect > 1 ? Math.round(first.width() * aspect) : first.width();
        long height = aspect < 1 ? Math.round(first.height() / aspect) : first.height();
        Demuxer.refuseHuge(track.demuxer().file(), width, height);

        double fps = fps(stream);
        long frames = stream.nb_frames();
        double duration = 0;
        if (stream.duration() > 0) {
            duration = stream.duration() * secondsPerTick;
        } else if (context.duration() > 0) {
            duration = context.duration() / MICROS;
        }
        if (frames <= 0) {
            frames = Math.max(1, Math.round(duration * fps));
        }
        if (duration <= 0) {
            duration = frames / fps;
        }
        boolean turned = orientation.transposed();
        return new ClipInfo(
                (int) (turned ? height : width),
                (int) (turned ? width : height),
                fps,
                frames,
                Math.round(duration * MICROS),
                avcodec_get_name(stream.codecpar().codec_id()).getString(),
                track.demuxer().audio() != null,
                tags(track, first));
    }

    /** The container's own tags, then the stream's, then those that came with the first picture. */
    private static Map<String, String> tags(VideoTrack track, AVFrame first) {
        Demuxer demuxer = track.demuxer();
        Map<String, String> tags = new LinkedHashMap<>(Ffmpeg.tags(demuxer.context().metadata()));
        Ffmpeg.tags(track.stream().metadata()).forEach(tags::putIfAbsent);
        Ffmpeg.tags(first.metadata()).forEach(tags::putIfAbsent);
        String comment = tags.get("comment");
        if (comment != null && demuxer.formatName().equals("gif")) {
            tags.remove("comment");
            tags.putAll(GifComment.parse(comment));
        }
        try {
            tags.putAll(PngText.read(demuxer.file()));
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(demuxer.file(), e).asException(e);
        }
        return tags;
    }

    /** Width of one pixel over its height. */
    private static double pixelAspect(AVFormatContext context, AVStream stream, AVFrame first) {
        AVRational aspect = av_guess_sample_aspect_ratio(context, stream, first);
        return aspect.num() > 0 && aspect.den() > 0 ? seconds(aspect) : 1;
    }

    private static double fps(AVStream stream) {
        AVRational average = stream.avg_frame_rate();
        AVRational rate = average.num() > 0 && average.den() > 0 ? average : stream.r_frame_rate();
        return rate.num() > 0 && rate.den() > 0 ? seconds(rate) : DEFAULT_FPS;
    }

    private static double seconds(AVRational ratio) {
        return (double) ratio.num() / ratio.den();
    }

    private static Orientation orientation(AVStream stream, AVFrame first) {
        AVFrameSideData inFrame = av_frame_get_side_data(first, AV_FRAME_DATA_DISPLAYMATRIX);
        if (inFrame != null) {
            return Orientation.of(inFrame.data().capacity(inFrame.size()).asByteBuffer());
        }
        AVCodecParameters coded = stream.codecpar();
        AVPacketSideData inContainer =
                av_packet_side_data_get(
                        coded.coded_side_data(),
                        coded.nb_coded_side_data(),
                        AV_PKT_DATA_DISPLAYMATRIX);
        return inContainer == null
                ? Orientation.UPRIGHT
                : Orientation.of(inContainer.data().capacity(inContainer.size()).asByteBuffer());
    }

    @Override
    public ClipInfo info() {
        return info;
    }

    @Override
    public @Nullable Frame read(int width, int height) {
        AVFrame picture = held == null ? decode() : held;
        held = null;
        return picture == null
                ? null
                : new Frame(
                        width,
                        height,
                        converter.convert(picture, orientation, width, height),
                        micros(position));
    }

    private long micros(long ticks) {
        return Math.round(ticks * secondsPerTick * MICROS);
    }

    /** The next picture, having moved the position onto it. */
    private @Nullable AVFrame decode() {
        AVFrame picture = track.next();
        if (picture != null) {
            long stamp = picture.best_effort_timestamp();
            long frameTicks = Math.max(1, Math.round(1 / (info.fps() * secondsPerTick)));
            position =
                    stamp == AV_NOPTS_VALUE
                            ? (position < 0 ? 0 : position + frameTicks)
                            : Math.max(0, stamp - origin);
        }
        return picture;
    }

    private void hold(AVFrame first) {
        held = first;
        position = 0;
    }

    @Override
    public void seekFrame(long frame) {
        FrameIndex known = index();
        if (frame < known.shown().length()) {
            seekTimestamp(known, known.shown().get((int) frame));
        } else {
            rewind();
            skip(frame);
        }
    }

    @Override
    public void seekMicros(long micros) {
        long ticks = (long) Math.floor((micros + 0.5) / MICROS / secondsPerTick);
        FrameIndex known = index();
        if (!known.shown().isEmpty()) {
            int shown = Math.max(1, known.countUpTo(origin + ticks));
            seekTimestamp(known, known.shown().get(shown - 1));
        } else {
            rewind();
            long shown = 0;
            while (decode() != null && position <= ticks) {
                shown++;
            }
            rewind();
            skip(Math.max(0, shown - 1));
        }
    }

    private FrameIndex index() {
        FrameIndex known = index;
        if (known == null) {
            known = FrameIndex.scan(file);
            index = known;
        }
        return known;
    }

    private void seekTimestamp(FrameIndex known, long timestamp) {
        long here = origin + position;
        int keys = known.keysUpTo(timestamp);
        boolean onTheWay = keys > 0 && known.keys().get(keys - 1) <= here && here < timestamp;
        if (onTheWay && decodeTo(timestamp, false)) {
            return;
        }
        for (int key = keys - 1; key >= Math.max(0, keys - SEEK_ATTEMPTS); key--) {
            if (track.seek(known.keys().get(key)) && decodeTo(timestamp, true)) {
                return;
            }
        }
        rewind();
        decodeTo(timestamp, false);
    }

    /**
     * Decodes until the frame of this time, and holds it.
     *
     * @param keyed whether a key frame must come first, without which what is decoded may lack the
     *     frames it refers to
     * @return whether the frame is there and whole
     */
    private boolean decodeTo(long timestamp, boolean keyed) {
        held = null;
        boolean whole = !keyed;
        for (AVFrame picture = decode(); picture != null; picture = decode()) {
            long stamp = origin + position;
            whole |= (picture.flags() & FRAME_IS_KEY) != 0 && stamp <= timestamp;
            if (stamp >= timestamp) {
                held = picture;
                return whole;
            }
        }
        return false;
    }

    /** Starts again from the first frame; by opening anew, which works for every format. */
    private void rewind() {
        VideoTrack again = VideoTrack.open(file);
        skippedBefore += track.damaged();
        track.close();
        track = again;
        held = null;
        position = -1;
    }

    private void skip(long frames) {
        for (long i = 0; i < frames; i++) {
            if (decode() == null) {
                return;
            }
        }
    }

    @Override
    public long skippedFrames() {
        return skippedBefore + track.damaged();
    }

    @Override
    public void close() {
        converter.close();
        track.close();
    }
}
