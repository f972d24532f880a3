package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGBA;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU601;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU709;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes what {@link FrameWriter} never would: other codecs, other pixel formats, wrong tags.
 *
 * @param settings applied to the encoder before it is opened
 */
record RawEncoder(
        String container,
        String codec,
        int pixelFormat,
        Map<String, String> options,
        Consumer<AVCodecContext> settings) {

    RawEncoder(String container, String codec, int pixelFormat) {
        this(container, codec, pixelFormat, Map.of(), _ -> {});
    }

    RawEncoder with(Consumer<AVCodecContext> more) {
        return new RawEncoder(container, codec, pixelFormat, options, settings.andThen(more));
    }

    RawEncoder with(Map<String, String> codecOptions) {
        return new RawEncoder(container, codec, pixelFormat, codecOptions, settings);
    }

    /** Writes opaque frames. */
    Path write(Path file, List<Frame> frames, int fps) {
        Frame first = frames.getFirst();
        return write(
                file,
                first.width(),
                first.height(),
                frames.stream().map(RawEncoder::withOpacity).toList(),
                fps);
    }

    private static ByteBuffer withOpacity(Frame frame) {
        ByteBuffer rgb = frame.rgb();
        ByteBuffer rgba = ByteBuffer.allocate(rgb.limit() / 3 * 4);
        while (rgb.hasRemaining()) {
            rgba.put(rgb.get()).put(rgb.get()).put(rgb.get()).put((byte) 255);
        }
        return rgba.flip();
    }

    /** Writes pictures of 4 bytes per pixel: red, green, blue, opacity. */
    Path write(Path file, int width, int height, List<ByteBuffer> pictures, int fps) {
        try (Muxer muxer = Muxer.create(file, container)) {
            AVCodec found = avcodec_find_encoder_by_name(codec);
            AVCodecContext encoder = avcodec_alloc_context3(found);
            encoder.width(width).height(height).pix_fmt(pixelFormat);
            try (AVRational ratio = new AVRational()) {
                encoder.time_base(ratio.num(1).den(fps));
                encoder.framerate(ratio.num(fps).den(1));
            }
            if (muxer.wantsGlobalHeaders()) {
                encoder.flags(AV_CODEC_FLAG_GLOBAL_HEADER);
            }
            settings.accept(encoder);
            AVDictionary chosen = new AVDictionary(null);
            options.forEach((key, value) -> av_dict_set(chosen, key, value, 0));
            check(avcodec_open2(encoder, found, chosen));
            av_dict_free(chosen);

            AVStream stream = muxer.addStream();
            stream.time_base(encoder.time_base());
            stream.avg_frame_rate(encoder.framerate());
            stream.sample_aspect_ratio(encoder.sample_aspect_ratio());
            avcodec_parameters_from_context(stream.codecpar(), encoder);
            muxer.begin(Map.of(), Map.of());
            for (int i = 0; i < pictures.size(); i++) {
                AVFrame picture = picture(pictures.get(i), encoder);
                picture.pts(i);
                send(picture, encoder, stream, muxer);
                av_frame_free(picture);
            }
            send(null, encoder, stream, muxer);
            muxer.finish();
            avcodec_free_context(encoder);
        }
        return file;
    }

    private static void send(
            @Nullable AVFrame picture, AVCodecContext encoder, AVStream stream, Muxer muxer) {
        check(avcodec_send_frame(encoder, picture));
        AVPacket packet = av_packet_alloc();
        while (avcodec_receive_packet(encoder, packet) >= 0) {
            packet.duration(1);
            av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
            muxer.write(packet, stream);
        }
        av_packet_free(packet);
    }

    private static AVFrame picture(ByteBuffer rgba, AVCodecContext encoder) {
        AVFrame source = blank(encoder.width(), encoder.height(), AV_PIX_FMT_RGBA);
        int stride = source.linesize(0);
        ByteBuffer rows = source.data(0).capacity((long) stride * encoder.height()).asByteBuffer();
        int row = 4 * encoder.width();
        for (int y = 0; y < encoder.height(); y++) {
            rows.put(y * stride, rgba, y * row, row);
        }
        AVFrame picture = blank(encoder.width(), encoder.height(), encoder.pix_fmt());
        picture.color_range(encoder.color_range());
        picture.colorspace(encoder.colorspace());
        SwsContext scaler =
                sws_getContext(
                        encoder.width(),
                        encoder.height(),
                        AV_PIX_FMT_RGBA,
                        encoder.width(),
                        encoder.height(),
                        encoder.pix_fmt(),
                        SWS_BICUBIC | SWS_ACCURATE_RND,
                        null,
                        null,
                        (DoublePointer) null);
        boolean hd = encoder.colorspace() == AVCOL_SPC_BT709;
        boolean full = encoder.color_range() == AVCOL_RANGE_JPEG;
        IntPointer matrix = sws_getCoefficients(hd ? SWS_CS_ITU709 : SWS_CS_ITU601);
        sws_setColorspaceDetails(scaler, matrix, 1, matrix, full ? 1 : 0, 0, 1 << 16, 1 << 16);
        sws_scale(
                scaler,
                source.data(),
                source.linesize(),
                0,
                encoder.height(),
                picture.data(),
                picture.linesize());
        sws_freeContext(scaler);
        av_frame_free(source);
        return picture;
    }

    private static AVFrame blank(int width, int height, int format) {
        AVFrame frame = av_frame_alloc();
        frame.width(width).height(height).format(format);
        av_frame_get_buffer(frame, 0);
        return frame;
    }

    private static void check(int error) {
        if (error < 0) {
            throw new IllegalStateException(Ffmpeg.explain(error));
        }
    }
}
