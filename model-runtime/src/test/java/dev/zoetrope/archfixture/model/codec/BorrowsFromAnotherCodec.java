package dev.zoetrope.archfixture.model.codec;

/** Shares code with a model in its own package. */
public final class BorrowsFromAnotherCodec {
    public int width() {
        return new WholeCodec().width(new WholeCodecConfig(1));
    }
}
