package dev.zoetrope.app.player;

import dev.zoetrope.app.text.Messages;

/** PSNR as text. */
public final class Decibels {
    private Decibels() {}

    /** Such as {@code 31.42 dB}; infinity has no number. */
    public static String text(double psnr, Messages messages) {
        return Double.isInfinite(psnr)
                ? messages.get("quality.identical")
                : messages.get("quality.psnr", psnr);
    }
}
