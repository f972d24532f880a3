package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import dev.zoetrope.runtime.problem.Problem;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/** An open container, giving the packets of the streams that were asked for. */
final class Demuxer implements AutoCloseable {
    /** Errors in a row after which a file is taken to have ended. */
    private static final int MAX_READ_ERRORS = 100;

    private final Path file;
    private final AVFormatContext context;
    private final AVPacket packet = av_packet_alloc();

    private Demuxer(Path file, AVFormatContext context) {
        this.file = file;
        this.context = context;
    }

    static Demuxer open(Path file) {
        Ffmpeg.begin();
        AVFormatContext context = new AVFormatContext(null);
        AVDictionary options = new AVDictionary(null);
        // A playlist may not lead to the network, nor a "%" in a picture's name to its neighbours.
        av_dict_set(options, "protocol_whitelist", "file", 0);
        av_dict_set(options, "pattern_type", "none", 0);
        int error = avformat_open_input(context, Ffmpeg.url(file), null, options);
        av_dict_free(options);
        if (error < 0) {
            throw new Problem.MediaUnreadable(file, Ffmpeg.explain(error)).asException();
        }
        Demuxer demuxer = new Demuxer(file, context);
        try {
            demuxer.refuseText();
            demuxer.refuseHugePictures();
            demuxer.probe();
            demuxer.refuseHugePictures();
        } catch (RuntimeException e) {
            demuxer.close();
            throw e;
        }
        return demuxer;
    }

    /** FFmpeg can play the text of a terminal; nobody who opens a text file means that. */
    private void refuseText() {
        if ("tty".equals(formatName())) {
            throw unreadable("it is a text file");
        }
    }

    private void refuseHugePictures() {
        for (int i = 0; i < context.nb_streams(); i++) {
            AVCodecParameters coded = context.streams(i).codecpar();
            if (coded.codec_type() == AVMEDIA_TYPE_VIDEO) {
                refuseHuge(file, coded.width(), coded.height());
            }
        }
    }

    /** Refuses a size before anything of that size is allocated. */
    static void refuseHuge(Path file, long width, long height) {
        if (Math.max(width, height) > FrameReader.MAX_SIDE
                || width * height > FrameReader.MAX_PIXELS) {
            throw new Problem.MediaUnreadable(
                            file,
                            "its pictures are %d x %d pixels, and at most %d on a side and %d million in all can be handled"
                                    .formatted(
                                            width,
                                            height,
                                            FrameReader.MAX_SIDE,
                                            FrameReader.MAX_PIXELS / 1_000_000))
                    .asException();
        }
    }

    /** Learns what the header leaves out by decoding a little of each stream. */
    private void probe() {
        int streams = context.nb_streams();
        try (PointerPointer<AVDictionary> options = new PointerPointer<>(Math.max(1, streams))) {
            for (int i = 0; i < streams; i++) {
                AVDictionary limit = new AVDictionary(null);
                av_dict_set(limit, "max_pixels", Long.toString(FrameReader.MAX_PIXELS), 0);
                options.put(i, limit);
            }
            int error = avformat_find_stream_info(context, options);
            for (int i = 0; i < streams; i++) {
                AVDictionary unused = options.get(AVDictionary.class, i);
                if (unused != null) {
                    av_dict_free(unused);
                }
            }
            if (error < 0) {
                throw unreadable(Ffmpeg.explain(error));
            }
        }
    }

    /** The stream of moving pictures; every other is dropped from now on. */
    AVStream video() {
        AVStream video = best(AVMEDIA_TYPE_VIDEO);
        if (video == null || (video.disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0) {
            throw unreadable(
                    best(AVMEDIA_TYPE_AUDIO) == null
                            ? "there is no video in it"
                            : "it holds sound but no video");
        }
        return video;
    }

    @Nullable AVStream audio() {
        return best(AVMEDIA_TYPE_AUDIO);
    }

    /** The stream of a media type that matters most. */
    @Nullable AVStream best(int type) {
        int index = av_find_best_stream(context, type, -1, -1, (AVCodec) null, 0);
        return index < 0 ? null : context.streams(index);
    }

    /** From now on gives the packets of one stream alone. */
    void only(AVStream stream) {
        for (int i = 0; i < context.nb_streams(); i++) {
            if (i != stream.index()) {
                context.streams(i).discard(AVDISCARD_ALL);
            }
        }
    }

    /** The next packet of a stream, valid until the next call; null at the end of the file. */
    @Nullable AVPacket next(AVStream stream) {
        AVPacket next = next();
        while (next != null && next.stream_index() != stream.index()) {
            next = next();
        }
        return next;
    }

    /** The next packet of any stream, valid until the next call; null at the end of the file. */
    @Nullable AVPacket next() {
        for (int errors = 0; errors < MAX_READ_ERRORS; errors++) {
            av_packet_unref(packet);
            int error = av_read_frame(context, packet);
            if (error >= 0) {
                return packet;
            }
            if (error != AVERROR_INVALIDDATA) {
                return null;
            }
        }
        return null;
    }

    /** Goes to the last place at or before a time from which the stream can be decoded. */
    boolean seek(AVStream stream, long timestamp) {
        return av_seek_frame(context, stream.index(), timestamp, AVSEEK_FLAG_BACKWARD) >= 0;
    }

    Path file() {
        return file;
    }

    AVFormatContext context() {
        return context;
    }

    String formatName() {
        return context.iformat().name().getString();
    }

    RuntimeException unreadable(String reason) {
        return new Problem.MediaUnreadable(file, reason).asException();
    }

    @Override
    public void close() {
        av_packet_free(packet);
        avformat_close_input(context);
    }
}
