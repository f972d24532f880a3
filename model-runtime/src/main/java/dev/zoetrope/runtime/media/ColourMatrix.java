package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU601;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU709;

/** Which luma-chroma matrix goes with a picture that names none. */
final class ColourMatrix {
    private ColourMatrix() {}

    /** As players guess it: BT.709 above standard definition, BT.601 up to it. */
    static int usualFor(int width, int height) {
        return width >= 1280 || height > 576 ? SWS_CS_ITU709 : SWS_CS_ITU601;
    }
}
