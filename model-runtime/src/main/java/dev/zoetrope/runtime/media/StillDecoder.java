package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/** Decodes pictures that do not depend on each other. */
final class StillDecoder implements AutoCloseable {
    private final AVCodecContext decoder;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame picture = av_frame_alloc();

    /**
     * @param codec FFmpeg's number of the codec
     */
    StillDecoder(int codec) {
        AVCodec found = avcodec_find_decoder(codec);
        decoder = avcodec_alloc_context3(found);
        decoder.max_pixels(FrameReader.MAX_PIXELS);
        avcodec_open2(decoder, found, (AVDictionary) null);
    }

    /** The picture, valid until the next call, or null when it is damaged. */
    @Nullable AVFrame decode(byte[] file) {
        av_new_packet(packet, file.length);
        packet.data().put(file);
        int error = avcodec_send_packet(decoder, packet);
        av_packet_unref(packet);
        return error < 0 || avcodec_receive_frame(decoder, picture) < 0 ? null : picture;
    }

    @Override
    public void close() {
        av_frame_free(picture);
        av_packet_free(packet);
        avcodec_free_context(decoder);
    }
}
