package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_PAL8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU709;

import com.google.common.util.concurrent.Uninterruptibles;

import dev.zoetrope.runtime.problem.Impossible;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** RGB pictures in, packets out. */
final class VideoEncoder implements AutoCloseable {
    /** Ticks of the encoder's clock per nominal frame, so that irregular times keep their place. */
    static final int TICKS_PER_FRAME = 1000;

    /** openh264 takes no less. */
    private static final int H264_MIN_SIDE = 16;

    private static final double MICROS = 1e6;

    private final AVCodecContext encoder;
    private final PictureFilter filter;
    private final AVPacket packet = av_packet_alloc();
    private final FrameRate rate;

    private VideoEncoder(AVCodecContext encoder, PictureFilter filter, FrameRate rate) {
        this.encoder = encoder;
        this.filter = filter;
        this.rate = rate;
    }

    /**
     * @throws dev.zoetrope.runtime.problem.ProblemException {@link Impossible.SizeUnwritable} when
     *     the codec cannot hold the size
     */
    static VideoEncoder open(
            Encoding encoding, int width, int height, FrameRate rate, boolean globalHeaders) {
        int fullWidth = encoding.isH264() ? h264Side(width) : width;
        int fullHeight = encoding.isH264() ? h264Side(height) : height;
        int matrix = ColourMatrix.usualFor(fullWidth, fullHeight);
        AVCodec codec = avcodec_find_encoder_by_name(encoding.encoder());
        AVCodecContext encoder = avcodec_alloc_context3(codec);
        encoder.width(fullWidth);
        encoder.height(fullHeight);
        encoder.pix_fmt(encoding.pixelFormat());
        try (AVRational ratio = new AVRational()) {
            encoder.time_base(ratio.num(rate.denominator()).den(ticksPerSecond(rate)));
            encoder.framerate(ratio.num(rate.numerator()).den(rate.denominator()));
        }
        // A key frame every second keeps seeking quick.
        encoder.gop_size(Math.max(1, rate.numerator() / rate.denominator()));
        encoder.thread_count(0);
        encoder.flags(AV_CODEC_FLAG_BITEXACT | (globalHeaders ? AV_CODEC_FLAG_GLOBAL_HEADER : 0));
        if (encoding.pixelFormat() == AV_PIX_FMT_YUV420P) {
            encoder.color_range(AVCOL_RANGE_MPEG);
            encoder.color_primaries(AVCOL_PRI_BT709);
            encoder.color_trc(AVCOL_TRC_BT709);
            encoder.colorspace(matrix == SWS_CS_ITU709 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M);
        }
        AVDictionary options = new AVDictionary(null);
        encoding.encoderOptions().forEach((key, value) -> av_dict_set(options, key, value, 0));
        int error = open(encoder, codec, options);
        av_dict_free(options);
        if (error < 0) {
            avcodec_free_context(encoder);
            throw new Impossible.SizeUnwritable(
                            width, height, encoding.container(), Ffmpeg.explain(error))
                    .asException();
        }
        PictureFilter filter =
                encoding.pixelFormat() == AV_PIX_FMT_PAL8
                        ? new GifPalette(width, height, rate)
                        : new PixelConverter(
                                width,
                                height,
                                encoding.pixelFormat(),
                                fullWidth,
                                fullHeight,
                                matrix);
        return new VideoEncoder(encoder, filter, rate);
    }

    /**
     * On a thread that ends with it: started by root, SVT-AV1 makes the thread that opens it a
     * real-time one. All threads that such a thread starts are real-time threads too, and two that
     * spin, as those of libtorch do, can keep a third from ever releasing what they wait for.
     */
    private static int open(AVCodecContext encoder, AVCodec codec, AVDictionary options) {
        int[] error = new int[1];
        Thread opener =
                Thread.ofPlatform()
                        .name("encoder-opener")
                        .start(() -> error[0] = avcodec_open2(encoder, codec, options));
        Uninterruptibles.joinUninterruptibly(opener);
        return error[0];
    }

    private static int h264Side(int side) {
        return Math.max(H264_MIN_SIDE, side + side % 2);
    }

    /** Of the encoder's clock, as a multiple of the rate's denominator. */
    static int ticksPerSecond(FrameRate rate) {
        return Math.multiplyExact(rate.numerator(), TICKS_PER_FRAME);
    }

    /** The time in ticks of the encoder's clock. */
    long ticks(long micros) {
        return Math.round(micros / MICROS * ticksPerSecond(rate) / rate.denominator());
    }

    /** The time of so many ticks. */
    double seconds(long ticks) {
        return (double) ticks * rate.denominator() / ticksPerSecond(rate);
    }

    AVCodecContext context() {
        return encoder;
    }

    /**
     * Encodes a picture, or with null what is still on its way.
     *
     * @param packets takes each packet, in ticks, valid until it returns
     */
    void encode(@Nullable AVFrame picture, Consumer<AVPacket> packets) {
        filter.push(picture);
        for (AVFrame ready = filter.pull(); ready != null; ready = filter.pull()) {
            send(ready, packets);
        }
        if (picture == null) {
            send(null, packets);
        }
    }

    private void send(@Nullable AVFrame picture, Consumer<AVPacket> packets) {
        int error = avcodec_send_frame(encoder, picture);
        if (error < 0) {
            throw new IllegalStateException(Ffmpeg.explain(error));
        }
        while (avcodec_receive_packet(encoder, packet) >= 0) {
            if (packet.duration() <= 0) {
                packet.duration(TICKS_PER_FRAME);
            }
            packets.accept(packet);
        }
    }

    @Override
    public void close() {
        av_packet_free(packet);
        filter.close();
        avcodec_free_context(encoder);
    }
}
