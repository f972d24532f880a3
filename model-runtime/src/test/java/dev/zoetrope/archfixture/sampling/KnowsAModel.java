package dev.zoetrope.archfixture.sampling;

import dev.zoetrope.archfixture.model.codec.WholeCodec;

/** A sampler made for one model. */
public record KnowsAModel(WholeCodec model) {}
