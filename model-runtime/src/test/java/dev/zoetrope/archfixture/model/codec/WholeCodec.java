package dev.zoetrope.archfixture.model.codec;

/** A model that keeps to itself. */
public final class WholeCodec {
    public int width(WholeCodecConfig config) {
        return config.width();
    }
}
