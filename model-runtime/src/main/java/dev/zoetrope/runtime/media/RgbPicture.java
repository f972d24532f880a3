package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;

import org.bytedeco.ffmpeg.avutil.AVFrame;

import java.nio.ByteBuffer;

/**
 * A frame's pixels as FFmpeg's vector code wants them: rows aligned, with room behind the last,
 * over which it reads.
 */
final class RgbPicture implements AutoCloseable {
    private final AVFrame picture = av_frame_alloc();

    RgbPicture(int width, int height) {
        picture.format(AV_PIX_FMT_RGB24);
        picture.width(width);
        picture.height(height);
        av_frame_get_buffer(picture, 0);
    }

    /** Copies a frame of this size in; what was returned before changes with it. */
    AVFrame fill(Frame frame, long ticks) {
        av_frame_make_writable(picture);
        int row = 3 * frame.width();
        int stride = picture.linesize(0);
        ByteBuffer rows = picture.data(0).capacity((long) stride * frame.height()).asByteBuffer();
        ByteBuffer rgb = frame.rgb();
        for (int y = 0; y < frame.height(); y++) {
            rows.put(y * stride, rgb, y * row, row);
        }
        picture.pts(ticks);
        return picture;
    }

    @Override
    public void close() {
        av_frame_free(picture);
    }
}
