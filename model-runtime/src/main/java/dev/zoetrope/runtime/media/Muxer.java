package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.FF_COMPLIANCE_NORMAL;
import static org.bytedeco.ffmpeg.global.avcodec.av_get_exact_bits_per_sample;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_GLOBALHEADER;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_query_codec;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import dev.zoetrope.runtime.problem.Problem;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A container being written. */
final class Muxer implements AutoCloseable {
    private final Path file;
    private final AVFormatContext context;
    private boolean closed;

    private Muxer(Path file, AVFormatContext context) {
        this.file = file;
        this.context = context;
    }

    /**
     * @param format FFmpeg's name of the container
     */
    static Muxer create(Path file, String format) {
        Ffmpeg.begin();
        AVFormatContext context = new AVFormatContext(null);
        String url = Ffmpeg.url(file);
        int error = avformat_alloc_output_context2(context, null, format, url);
        if (error < 0) {
            throw new IllegalStateException(Ffmpeg.explain(error));
        }
        Muxer muxer = new Muxer(file, context);
        AVIOContext bytes = new AVIOContext(null);
        error = avio_open(bytes, url, AVIO_FLAG_WRITE);
        if (error < 0) {
            muxer.close();
            throw muxer.inaccessible(error);
        }
        context.pb(bytes);
        return muxer;
    }

    Path file() {
        return file;
    }

    AVStream addStream() {
        return avformat_new_stream(context, (AVCodec) null);
    }

    /** Whether the container wants the codecs' headers once in its own. */
    boolean wantsGlobalHeaders() {
        return (context.oformat().flags() & AVFMT_GLOBALHEADER) != 0;
    }

    /** Whether sound of this codec can be put in and is played by what plays the container. */
    boolean holdsSound(int codec) {
        boolean raw = av_get_exact_bits_per_sample(codec) > 0;
        return !raw && avformat_query_codec(context.oformat(), codec, FF_COMPLIANCE_NORMAL) == 1;
    }

    /** Writes the head; after it no stream can be added and every stream has its time base. */
    void begin(Map<String, String> options, Map<String, String> metadata) {
        // Equal frames and tags shall make equal files: in their order, no library version, no
        // random
        // identifier.
        AVDictionary tags = new AVDictionary(null);
        new TreeMap<>(metadata).forEach((key, value) -> av_dict_set(tags, key, value, 0));
        context.metadata(tags);
        AVDictionary settings = new AVDictionary(null);
        av_dict_set(settings, "fflags", "+bitexact", 0);
        options.forEach((key, value) -> av_dict_set(settings, key, value, 0));
        int error = avformat_write_header(context, settings);
        av_dict_free(settings);
        check(error);
    }

    /** Takes the packet over, its times in the time base of its stream. */
    void write(AVPacket packet, AVStream stream) {
        packet.stream_index(stream.index());
        check(av_interleaved_write_frame(context, packet));
    }

    /** Writes the tail. */
    void finish() {
        check(av_write_trailer(context));
        int error = avio_closep(context.pb());
        context.pb(null);
        check(error);
    }

    private void check(int error) {
        if (error < 0) {
            throw inaccessible(error);
        }
    }

    private RuntimeException inaccessible(int error) {
        return new Problem.FileInaccessible(file, Ffmpeg.meaning(error)).asException();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (context.pb() != null) {
                avio_closep(context.pb());
                context.pb(null);
            }
            avformat_free_context(context);
        }
    }
}
