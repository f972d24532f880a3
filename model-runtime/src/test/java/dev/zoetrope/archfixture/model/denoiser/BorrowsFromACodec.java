package dev.zoetrope.archfixture.model.denoiser;

import dev.zoetrope.archfixture.model.codec.WholeCodecConfig;

/** Shares code with a model in another package. */
public record BorrowsFromACodec(WholeCodecConfig config) {}
