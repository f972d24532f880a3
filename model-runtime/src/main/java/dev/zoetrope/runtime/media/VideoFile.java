package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;

import dev.zoetrope.runtime.problem.Problem;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A clip in one file: MP4, WebM, WebP or GIF. */
final class VideoFile implements FrameSink {
    private final Muxer muxer;
    private final VideoEncoder encoder;
    private final AVStream stream;
    private final RgbPicture picture;
    private final Encoding encoding;
    private final Map<String, String> metadata;
    private @Nullable KeptSound sound;
    private boolean begun;
    private long earliestMicros;

    private VideoFile(
            Muxer muxer,
            RgbPicture picture,
            VideoEncoder encoder,
            Encoding encoding,
            Map<String, String> metadata) {
        this.picture = picture;
        this.muxer = muxer;
        this.encoder = encoder;
        this.encoding = encoding;
        this.metadata = metadata;
        stream = muxer.addStream();
        stream.time_base(encoder.context().time_base());
        stream.avg_frame_rate(encoder.context().framerate());
        avcodec_parameters_from_context(stream.codecpar(), encoder.context());
    }

    static VideoFile create(
            Path part,
            VideoFormat format,
            int width,
            int height,
            FrameRate rate,
            Map<String, String> metadata) {
        Encoding encoding = Encoding.of(format);
        if (format == VideoFormat.WEBM_AV1) {
            SvtLog.quieten();
        }
        Muxer muxer = Muxer.create(part, encoding.container());
        try {
            VideoEncoder encoder =
                    VideoEncoder.open(encoding, width, height, rate, muxer.wantsGlobalHeaders());
            return new VideoFile(muxer, new RgbPicture(width, height), encoder, encoding, metadata);
        } catch (RuntimeException e) {
            muxer.close();
            throw e;
        }
    }

    @Override
    public SoundTrack keepAudioOf(Path source, double startSeconds, double durationSeconds) {
        if (encoding.sound().isEmpty()) {
            return SoundTrack.NONE_IN_FORMAT;
        }
        SoundExcerpt excerpt = SoundExcerpt.open(source, startSeconds, durationSeconds);
        if (excerpt == null) {
            return SoundTrack.NONE_IN_SOURCE;
        }
        try {
            boolean copied = muxer.holdsSound(excerpt.stream().codecpar().codec_id());
            sound =
                    copied
                            ? new CopiedSound(excerpt, muxer)
                            : new EncodedSound(excerpt, muxer, encoding.sound());
            return copied ? SoundTrack.COPIED : SoundTrack.ENCODED;
        } catch (RuntimeException e) {
            excerpt.close();
            throw e;
        }
    }

    @Override
    public void write(Frame frame, long micros) {
        if (micros < earliestMicros) {
            return;
        }
        earliestMicros = micros + encoding.minFrameMicros();
        begin();
        encoder.encode(picture.fill(frame, encoder.ticks(micros)), this::mux);
    }

    private void begin() {
        if (!begun) {
            muxer.begin(encoding.containerOptions(), metadata);
            begun = true;
        }
    }

    private void mux(AVPacket packet) {
        if (sound != null) {
            sound.writeUntil(encoder.seconds(packet.pts()));
        }
        av_packet_rescale_ts(packet, encoder.context().time_base(), stream.time_base());
        muxer.write(packet, stream);
    }

    @Override
    public void finish() {
        encoder.encode(null, this::mux);
        if (sound != null) {
            sound.writeUntil(Double.POSITIVE_INFINITY);
        }
        muxer.finish();
        if (encoding.isGif()) {
            try {
                GifComment.append(muxer.file(), metadata);
            } catch (IOException e) {
                throw Problem.FileInaccessible.of(muxer.file(), e).asException(e);
            }
        }
    }

    @Override
    public void close() {
        picture.close();
        encoder.close();
        if (sound != null) {
            sound.close();
        }
        muxer.close();
    }
}
