package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import dev.zoetrope.runtime.problem.Problem;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/** The same pictures and sound, packet by packet, in a file that says nothing of itself. */
public final class UntaggedCopy {
    private UntaggedCopy() {}

    /** Whether it is; pictures without a container are written anew instead. */
    public static boolean isPossible(VideoFormat format) {
        return switch (format) {
            case MP4, WEBM_VP9, WEBM_AV1 -> true;
            case WEBP, GIF, PNG_FRAMES -> false;
        };
    }

    /**
     * Writes it whole, in place of what is there.
     *
     * @param clip in a format for which it {@link #isPossible}
     * @param target of the same format
     * @throws dev.zoetrope.runtime.problem.ProblemException when the one cannot be read or the
     *     other not written
     */
    public static void write(Path clip, Path target) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            try {
                copy(clip, part, Encoding.of(VideoFormat.of(target)));
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(target, e).asException(e);
        }
    }

    private static void copy(Path clip, Path part, Encoding encoding) {
        try (Demuxer in = Demuxer.open(clip);
                Muxer out = Muxer.create(part, encoding.container())) {
            Map<Integer, AVStream> streams = new HashMap<>();
            for (int i = 0; i < in.context().nb_streams(); i++) {
                AVStream stream = in.context().streams(i);
                int type = stream.codecpar().codec_type();
                if (type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO) {
                    AVStream copy = out.addStream();
                    avcodec_parameters_copy(copy.codecpar(), stream.codecpar());
                    copy.time_base(stream.time_base());
                    copy.avg_frame_rate(stream.avg_frame_rate());
                    streams.put(i, copy);
                }
            }
            out.begin(encoding.containerOptions(), Map.of());
            for (AVPacket packet = in.next(); packet != null; packet = in.next()) {
                int index = packet.stream_index();
                AVStream copy = streams.get(index);
                if (copy != null) {
                    av_packet_rescale_ts(
                            packet, in.context().streams(index).time_base(), copy.time_base());
                    out.write(packet, copy);
                }
            }
            out.finish();
        }
    }
}
