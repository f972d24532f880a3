package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.jspecify.annotations.Nullable;

/** Sound taken over packet by packet. */
final class CopiedSound implements KeptSound {
    private final SoundExcerpt excerpt;
    private final Muxer muxer;
    private final AVStream output;
    private final long startTicks;

    /** Read but not yet written; the excerpt's own packet. */
    private @Nullable AVPacket next;

    private boolean ended;

    CopiedSound(SoundExcerpt excerpt, Muxer muxer) {
        this.excerpt = excerpt;
        this.muxer = muxer;
        startTicks = excerpt.ticks(excerpt.start());
        output = muxer.addStream();
        avcodec_parameters_copy(output.codecpar(), excerpt.stream().codecpar());
        // The tag is the old container's name for the codec; the new one has its own.
        output.codecpar().codec_tag(0);
        output.time_base(excerpt.stream().time_base());
    }

    @Override
    public void writeUntil(double seconds) {
        while (!ended) {
            AVPacket packet = next == null ? excerpt.next() : next;
            next = packet;
            if (packet == null) {
                ended = true;
            } else if (excerpt.seconds(packet.pts()) >= seconds) {
                return;
            } else {
                packet.pts(packet.pts() - startTicks);
                packet.dts(packet.pts());
                av_packet_rescale_ts(packet, excerpt.stream().time_base(), output.time_base());
                next = null;
                muxer.write(packet, output);
            }
        }
    }

    @Override
    public void close() {
        excerpt.close();
    }
}
