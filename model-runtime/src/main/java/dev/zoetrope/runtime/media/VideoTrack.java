package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EAGAIN;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/** The picture stream of a file, decoded from wherever it was last sought to. */
final class VideoTrack implements AutoCloseable {
    private final Demuxer demuxer;
    private final AVStream stream;
    private final AVCodecContext decoder;
    private final AVFrame frame = av_frame_alloc();
    private boolean drained;
    private long damaged;

    private VideoTrack(Demuxer demuxer, AVStream stream, AVCodecContext decoder) {
        this.demuxer = demuxer;
        this.stream = stream;
        this.decoder = decoder;
    }

    static VideoTrack open(Path file) {
        Demuxer demuxer = Demuxer.open(file);
        try {
            AVStream stream = demuxer.video();
            demuxer.only(stream);
            return new VideoTrack(demuxer, stream, openDecoder(demuxer, stream));
        } catch (RuntimeException e) {
            demuxer.close();
            throw e;
        }
    }

    private static AVCodecContext openDecoder(Demuxer demuxer, AVStream stream) {
        AVCodec codec = decoderFor(stream);
        if (codec == null) {
            throw demuxer.unreadable(
                    "there is no decoder for its codec, "
                            + avcodec_get_name(stream.codecpar().codec_id()).getString());
        }
        AVCodecContext decoder = avcodec_alloc_context3(codec);
        avcodec_parameters_to_context(decoder, stream.codecpar());
        decoder.pkt_timebase(stream.time_base());
        decoder.max_pixels(FrameReader.MAX_PIXELS);
        decoder.thread_count(0);
        int error = avcodec_open2(decoder, codec, (AVDictionary) null);
        if (error < 0) {
            avcodec_free_context(decoder);
            throw demuxer.unreadable(Ffmpeg.explain(error));
        }
        return decoder;
    }

    /**
     * FFmpeg's own VP8 and VP9 decoders drop the alpha channel that WebM keeps beside the colour.
     */
    private static @Nullable AVCodec decoderFor(AVStream stream) {
        int codec = stream.codecpar().codec_id();
        boolean alpha = av_dict_get(stream.metadata(), "alpha_mode", null, 0) != null;
        if (alpha && codec == AV_CODEC_ID_VP8) {
            return avcodec_find_decoder_by_name("libvpx");
        } else if (alpha && codec == AV_CODEC_ID_VP9) {
            return avcodec_find_decoder_by_name("libvpx-vp9");
        }
        return avcodec_find_decoder(codec);
    }

    /**
     * Decodes the next picture, stepping over what is damaged.
     *
     * @return the picture, valid until the next call, or null at the end
     */
    @Nullable AVFrame next() {
        while (true) {
            int result = avcodec_receive_frame(decoder, frame);
            if (result >= 0) {
                return frame;
            } else if (result == AVERROR_EOF) {
                return null;
            } else if (result != AVERROR_EAGAIN()) {
                damaged++;
            } else if (!feed()) {
                return null;
            }
        }
    }

    /**
     * Gives the decoder one more packet, or the end; false when it has been told the end before.
     */
    private boolean feed() {
        if (drained) {
            return false;
        }
        AVPacket packet = demuxer.next(stream);
        drained = packet == null;
        int error = avcodec_send_packet(decoder, packet);
        if (error < 0 && error != AVERROR_EOF) {
            damaged++;
        }
        return true;
    }

    /**
     * Goes to the last place at or before a time from which decoding can start; false if unable.
     */
    boolean seek(long timestamp) {
        if (!demuxer.seek(stream, timestamp)) {
            return false;
        }
        avcodec_flush_buffers(decoder);
        drained = false;
        return true;
    }

    Demuxer demuxer() {
        return demuxer;
    }

    AVStream stream() {
        return stream;
    }

    /** Pictures that could not be decoded so far. */
    long damaged() {
        return damaged;
    }

    @Override
    public void close() {
        av_frame_free(frame);
        avcodec_free_context(decoder);
        demuxer.close();
    }
}
