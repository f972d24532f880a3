package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_OPUS;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_audio_fifo_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_audio_fifo_free;
import static org.bytedeco.ffmpeg.global.avutil.av_audio_fifo_read;
import static org.bytedeco.ffmpeg.global.avutil.av_audio_fifo_size;
import static org.bytedeco.ffmpeg.global.avutil.av_audio_fifo_write;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.swresample.swr_alloc_set_opts2;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert;
import static org.bytedeco.ffmpeg.global.swresample.swr_drop_output;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;
import static org.bytedeco.ffmpeg.global.swresample.swr_get_out_samples;
import static org.bytedeco.ffmpeg.global.swresample.swr_init;
import static org.bytedeco.ffmpeg.global.swresample.swr_inject_silence;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVAudioFifo;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** Sound decoded, brought to 48 kHz mono or stereo, and encoded for the new container. */
final class EncodedSound implements KeptSound {
    private static final int SAMPLE_RATE = 48_000;
    private static final int BIT_RATE_PER_CHANNEL = 96_000;

    private final SoundExcerpt excerpt;
    private final Muxer muxer;
    private final AVStream output;
    private final AVCodecContext decoder;
    private final AVCodecContext encoder;
    private final AVAudioFifo waiting;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame decoded = av_frame_alloc();

    /** Made at the first decoded frame, which alone knows its own format for certain. */
    private @Nullable SwrContext resampler;

    private final long totalSamples;
    private long encodedSamples;
    private boolean sourceEnded;
    private boolean ended;

    EncodedSound(SoundExcerpt excerpt, Muxer muxer, String encoderName) {
        this.excerpt = excerpt;
        this.muxer = muxer;
        totalSamples = Math.round(excerpt.duration() * SAMPLE_RATE);
        decoder = openDecoder(excerpt);
        try {
            encoder = openEncoder(encoderName, decoder, muxer.wantsGlobalHeaders());
        } catch (RuntimeException e) {
            avcodec_free_context(decoder);
            throw e;
        }
        waiting =
                av_audio_fifo_alloc(
                        encoder.sample_fmt(),
                        encoder.ch_layout().nb_channels(),
                        encoder.frame_size());
        output = muxer.addStream();
        avcodec_parameters_from_context(output.codecpar(), encoder);
        output.time_base(encoder.time_base());
    }

    private static AVCodecContext openDecoder(SoundExcerpt excerpt) {
        AVCodecParameters coded = excerpt.stream().codecpar();
        AVCodec codec = avcodec_find_decoder(coded.codec_id());
        if (codec == null) {
            throw excerpt.demuxer().unreadable("there is no decoder for its sound");
        }
        AVCodecContext decoder = avcodec_alloc_context3(codec);
        avcodec_parameters_to_context(decoder, coded);
        decoder.pkt_timebase(excerpt.stream().time_base());
        int error = avcodec_open2(decoder, codec, (AVDictionary) null);
        if (error < 0) {
            avcodec_free_context(decoder);
            throw excerpt.demuxer().unreadable(Ffmpeg.explain(error));
        }
        return decoder;
    }

    private static AVCodecContext openEncoder(
            String name, AVCodecContext decoder, boolean globalHeaders) {
        AVCodec codec = avcodec_find_encoder_by_name(name);
        AVCodecContext encoder = avcodec_alloc_context3(codec);
        int channels = Math.clamp(decoder.ch_layout().nb_channels(), 1, 2);
        av_channel_layout_default(encoder.ch_layout(), channels);
        encoder.sample_rate(SAMPLE_RATE);
        encoder.sample_fmt(codec.id() == AV_CODEC_ID_OPUS ? AV_SAMPLE_FMT_FLT : AV_SAMPLE_FMT_FLTP);
        encoder.bit_rate((long) BIT_RATE_PER_CHANNEL * channels);
        encoder.flags(AV_CODEC_FLAG_BITEXACT | (globalHeaders ? AV_CODEC_FLAG_GLOBAL_HEADER : 0));
        try (AVRational perSample = new AVRational()) {
            encoder.time_base(perSample.num(1).den(SAMPLE_RATE));
        }
        int error = avcodec_open2(encoder, codec, (AVDictionary) null);
        if (error < 0) {
            avcodec_free_context(encoder);
            throw new IllegalStateException(name + ": " + Ffmpeg.explain(error));
        }
        return encoder;
    }

    @Override
    public void writeUntil(double seconds) {
        while (!ended && (double) encodedSamples / SAMPLE_RATE < seconds) {
            // Only the last block may be shorter than the encoder's own size.
            long wanted = Math.min(encoder.frame_size(), totalSamples - encodedSamples);
            if (av_audio_fifo_size(waiting) < wanted && !sourceEnded) {
                decodeMore();
                continue;
            }
            int samples = (int) Math.min(wanted, av_audio_fifo_size(waiting));
            if (samples > 0) {
                encode(samples);
            }
            if (samples < encoder.frame_size()) {
                send(null);
                ended = true;
            }
        }
    }

    /** Decodes and resamples one more packet; a damaged one is stepped over. */
    private void decodeMore() {
        AVPacket coded = excerpt.next();
        sourceEnded = coded == null;
        avcodec_send_packet(decoder, coded);
        while (avcodec_receive_frame(decoder, decoded) >= 0) {
            SwrContext to = resampler == null ? startResampler() : resampler;
            resampler = to;
            resample(to, decoded.extended_data(), decoded.nb_samples());
            av_frame_unref(decoded);
        }
        if (sourceEnded && resampler != null) {
            resample(resampler, null, 0);
        }
    }

    /** Passes samples on to the waiting ones, or with null those that the resampler held back. */
    private void resample(SwrContext by, @Nullable PointerPointer<?> samples, int count) {
        int room = swr_get_out_samples(by, count);
        if (room <= 0) {
            return;
        }
        AVFrame block = block(room);
        try {
            int got = swr_convert(by, block.extended_data(), room, samples, count);
            av_audio_fifo_write(waiting, block.extended_data(), Math.max(0, got));
        } finally {
            av_frame_free(block);
        }
    }

    /** Begins on the very sample at which the excerpt begins. */
    private SwrContext startResampler() {
        SwrContext made = new SwrContext(null);
        swr_alloc_set_opts2(
                made,
                encoder.ch_layout(),
                encoder.sample_fmt(),
                SAMPLE_RATE,
                decoded.ch_layout(),
                decoded.format(),
                decoded.sample_rate(),
                0,
                null);
        swr_init(made);
        long stamp = decoded.best_effort_timestamp();
        long late = stamp == AV_NOPTS_VALUE ? 0 : Math.round(excerpt.seconds(stamp) * SAMPLE_RATE);
        if (late < 0) {
            swr_drop_output(made, (int) -late);
        } else if (late > 0) {
            swr_inject_silence(made, (int) late);
        }
        return made;
    }

    private void encode(int samples) {
        AVFrame block = block(samples);
        try {
            av_audio_fifo_read(waiting, block.extended_data(), samples);
            block.pts(encodedSamples);
            encodedSamples += samples;
            send(block);
        } finally {
            av_frame_free(block);
        }
    }

    private AVFrame block(int samples) {
        AVFrame block = av_frame_alloc();
        block.nb_samples(samples);
        block.format(encoder.sample_fmt());
        block.sample_rate(SAMPLE_RATE);
        av_channel_layout_default(block.ch_layout(), encoder.ch_layout().nb_channels());
        av_frame_get_buffer(block, 0);
        return block;
    }

    private void send(@Nullable AVFrame block) {
        int error = avcodec_send_frame(encoder, block);
        if (error < 0) {
            throw new IllegalStateException(Ffmpeg.meaning(error));
        }
        while (avcodec_receive_packet(encoder, packet) >= 0) {
            av_packet_rescale_ts(packet, encoder.time_base(), output.time_base());
            muxer.write(packet, output);
        }
    }

    @Override
    public void close() {
        if (resampler != null) {
            swr_free(resampler);
        }
        av_audio_fifo_free(waiting);
        av_packet_free(packet);
        av_frame_free(decoded);
        avcodec_free_context(decoder);
        avcodec_free_context(encoder);
        excerpt.close();
    }
}
