package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INP;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * Changes the pixel format, and fills a picture up to a larger size by repeating its last column
 * and row, which shows least where a player does not crop.
 */
final class PixelConverter implements PictureFilter {
    private static final int ONE = 1 << 16;

    private final SwsContext scaler;
    private final AVFrame converted = av_frame_alloc();
    private final int width;
    private final int height;
    private boolean ready;

    /**
     * @param width columns of the pictures pushed
     * @param height rows of the pictures pushed
     * @param format of the pictures pulled: 4:2:0 or packed RGB
     * @param fullWidth columns of the pictures pulled, at least {@code width}
     * @param fullHeight rows of the pictures pulled, at least {@code height}
     */
    PixelConverter(int width, int height, int format, int fullWidth, int fullHeight, int matrix) {
        this.width = width;
        this.height = height;
        scaler =
                sws_getContext(
                        width,
                        height,
                        AV_PIX_FMT_RGB24,
                        width,
                        height,
                        format,
                        SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP,
                        null,
                        null,
                        (DoublePointer) null);
        IntPointer coefficients = sws_getCoefficients(matrix);
        sws_setColorspaceDetails(scaler, coefficients, 1, coefficients, 0, 0, ONE, ONE);
        converted.format(format);
        converted.width(fullWidth);
        converted.height(fullHeight);
        if (format == AV_PIX_FMT_YUV420P) {
            converted.color_range(AVCOL_RANGE_MPEG);
        }
        av_frame_get_buffer(converted, 0);
    }

    @Override
    public void push(@Nullable AVFrame picture) {
        if (picture == null) {
            return;
        }
        // The encoder may still hold the last one.
        av_frame_make_writable(converted);
        sws_scale(
                scaler,
                picture.data(),
                picture.linesize(),
                0,
                height,
                converted.data(),
                converted.linesize());
        if (converted.format() == AV_PIX_FMT_YUV420P) {
            repeatEdges(0, width, height, converted.width(), converted.height());
            for (int plane = 1; plane <= 2; plane++) {
                repeatEdges(
                        plane,
                        half(width),
                        half(height),
                        half(converted.width()),
                        half(converted.height()));
            }
        }
        converted.pts(picture.pts());
        converted.duration(picture.duration());
        ready = true;
    }

    private static int half(int size) {
        return (size + 1) / 2;
    }

    private void repeatEdges(int plane, int columns, int rows, int fullColumns, int fullRows) {
        if (columns == fullColumns && rows == fullRows) {
            return;
        }
        int stride = converted.linesize(plane);
        ByteBuffer samples =
                converted.data(plane).capacity((long) stride * fullRows).asByteBuffer();
        for (int y = 0; y < rows; y++) {
            byte last = samples.get(y * stride + columns - 1);
            for (int x = columns; x < fullColumns; x++) {
                samples.put(y * stride + x, last);
            }
        }
        for (int y = rows; y < fullRows; y++) {
            samples.put(y * stride, samples, (rows - 1) * stride, fullColumns);
        }
    }

    @Override
    public @Nullable AVFrame pull() {
        AVFrame picture = ready ? converted : null;
        ready = false;
        return picture;
    }

    @Override
    public void close() {
        av_frame_free(converted);
        sws_freeContext(scaler);
    }
}
