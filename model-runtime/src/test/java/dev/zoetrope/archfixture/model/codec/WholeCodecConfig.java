package dev.zoetrope.archfixture.model.codec;

/** Makes {@link WholeCodec} a model. */
public record WholeCodecConfig(int width) {}
