package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT2020_CL;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT2020_NCL;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT470BG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_FCC;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE240M;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_ALPHA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGBA;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_BT2020;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_FCC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU601;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU709;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_SMPTE240M;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/** Turns decoded pictures of any format and size into upright RGB of one size, in one pass. */
final class RgbConverter implements AutoCloseable {
    /** sws writes up to this many bytes past the end of a row, so past the end of a picture. */
    private static final int OVERRUN = 64;

    /** sws counts in 16.16 fixed point. */
    private static final int ONE = 1 << 16;

    private final PointerPointer<BytePointer> planes = new PointerPointer<>(4);
    private final IntPointer strides = new IntPointer(4);
    private @Nullable SwsContext scaler;
    private @Nullable Conversion prepared;

    private record Conversion(
            int fromWidth,
            int fromHeight,
            int fromFormat,
            int matrix,
            boolean fullRange,
            int width,
            int height,
            int format) {}

    /**
     * The picture as shown.
     *
     * @return a direct buffer of {@code 3 * width * height} bytes
     */
    ByteBuffer convert(AVFrame picture, Orientation orientation, int width, int height) {
        boolean opaque =
                (av_pix_fmt_desc_get(picture.format()).flags() & AV_PIX_FMT_FLAG_ALPHA) == 0;
        int channels = opaque ? 3 : 4;
        int codedWidth = orientation.transposed() ? height : width;
        int codedHeight = orientation.transposed() ? width : height;
        ByteBuffer scaled = allocate(channels * width * height);
        scale(picture, scaled, codedWidth, codedHeight, channels);
        if (opaque && orientation.equals(Orientation.UPRIGHT)) {
            return scaled;
        }
        ByteBuffer shown = allocate(3 * width * height);
        orientation.lay(scaled, channels, shown, width, height);
        return shown;
    }

    /** The picture as coded, with its opacity: 4 bytes per pixel. */
    ByteBuffer toRgba(AVFrame picture) {
        ByteBuffer rgba = allocate(4 * picture.width() * picture.height());
        scale(picture, rgba, picture.width(), picture.height(), 4);
        return rgba;
    }

    private void scale(AVFrame picture, ByteBuffer to, int width, int height, int channels) {
        SwsContext context =
                prepare(
                        new Conversion(
                                picture.width(),
                                picture.height(),
                                picture.format(),
                                matrix(picture),
                                picture.color_range() == AVCOL_RANGE_JPEG,
                                width,
                                height,
                                channels == 3 ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_RGBA));
        try (BytePointer target = new BytePointer(to)) {
            planes.put(0, target);
            strides.put(0, channels * width);
            sws_scale(
                    context,
                    picture.data(),
                    picture.linesize(),
                    0,
                    picture.height(),
                    planes,
                    strides);
        }
    }

    private SwsContext prepare(Conversion wanted) {
        SwsContext ready = scaler;
        if (ready != null && wanted.equals(prepared)) {
            return ready;
        }
        sws_freeContext(ready);
        boolean shrinking = wanted.width < wanted.fromWidth || wanted.height < wanted.fromHeight;
        SwsContext made =
                sws_getContext(
                        wanted.fromWidth,
                        wanted.fromHeight,
                        wanted.fromFormat,
                        wanted.width,
                        wanted.height,
                        wanted.format,
                        (shrinking ? SWS_AREA : SWS_BICUBIC)
                                | SWS_ACCURATE_RND
                                | SWS_FULL_CHR_H_INT,
                        null,
                        null,
                        (DoublePointer) null);
        if (made == null) {
            scaler = null;
            throw new IllegalStateException("no conversion for " + wanted);
        }
        IntPointer coefficients = sws_getCoefficients(wanted.matrix);
        sws_setColorspaceDetails(
                made, coefficients, wanted.fullRange ? 1 : 0, coefficients, 1, 0, ONE, ONE);
        scaler = made;
        prepared = wanted;
        return made;
    }

    private static int matrix(AVFrame picture) {
        int named = picture.colorspace();
        if (named == AVCOL_SPC_BT709) {
            return SWS_CS_ITU709;
        } else if (named == AVCOL_SPC_BT470BG || named == AVCOL_SPC_SMPTE170M) {
            return SWS_CS_ITU601;
        } else if (named == AVCOL_SPC_SMPTE240M) {
            return SWS_CS_SMPTE240M;
        } else if (named == AVCOL_SPC_FCC) {
            return SWS_CS_FCC;
        } else if (named == AVCOL_SPC_BT2020_NCL || named == AVCOL_SPC_BT2020_CL) {
            return SWS_CS_BT2020;
        }
        return ColourMatrix.usualFor(picture.width(), picture.height());
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes + OVERRUN).slice(0, bytes);
    }

    @Override
    public void close() {
        sws_freeContext(scaler);
        scaler = null;
        prepared = null;
        planes.close();
        strides.close();
    }
}
