package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

/** What a model was trained to predict. */
enum Prediction {
    EPSILON,
    V_PREDICTION,
    SAMPLE;

    /** Clean latents from noisy ones {@code x = alpha x0 + sigma epsilon}. */
    NDArray clean(NDArray output, NDArray x, double alpha, double sigma) {
        Kernels k = Kernels.inference();
        return switch (this) {
            case EPSILON -> k.mix(x, 1 / alpha, output, -sigma / alpha);
            case V_PREDICTION -> k.mix(x, alpha, output, -sigma);
            case SAMPLE -> output;
        };
    }

    /** The noise in {@code x = alpha x0 + sigma epsilon}. */
    NDArray epsilon(NDArray output, NDArray x, double alpha, double sigma) {
        Kernels k = Kernels.inference();
        return switch (this) {
            case EPSILON -> output;
            case V_PREDICTION -> k.mix(output, alpha, x, sigma);
            case SAMPLE -> k.mix(x, 1 / sigma, output, -alpha / sigma);
        };
    }

    /**
     * Clean latents from {@code x = x0 + sigma epsilon}, of which the model saw a scaled one. In
     * the reference's order of rounding, which shows where sigma is in the thousands.
     */
    NDArray clean(NDArray output, NDArray x, float sigma) {
        float variance = sigma * sigma + 1;
        return switch (this) {
            case EPSILON -> x.sub(output.mul(sigma));
            case V_PREDICTION ->
                    output.mul(-sigma / (float) Math.sqrt(variance)).add(x.div(variance));
            case SAMPLE -> output;
        };
    }
}
