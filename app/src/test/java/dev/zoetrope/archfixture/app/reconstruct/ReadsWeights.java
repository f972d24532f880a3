package dev.zoetrope.archfixture.app.reconstruct;

import dev.zoetrope.archfixture.weights.WeightFile;

/** Goes behind the runtime's doors. */
public record ReadsWeights(WeightFile file) {}
