package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import java.util.Arrays;

/**
 * The noise levels that a solver of {@code x = x0 + sigma epsilon} goes down, and the times at
 * which the model was trained on each.
 */
final class NoiseLevels {
    private static final double KARRAS_RHO = 7;

    private final double[] times;
    private final float[] sigmas;

    NoiseLevels(double[] times, float[] sigmas) {
        this.times = times;
        this.sigmas = sigmas;
    }

    /** Those of the schedule at the given times. */
    static NoiseLevels at(double[] times, NoiseSchedule schedule, float last) {
        float[] all = schedule.sigmas();
        double[] sigmas =
                Arrays.stream(times)
                        .map(t -> {
                            int low = (int) Math.min(Math.floor(t), all.length - 2.);
                            double slope = (double) all[low + 1] - all[low];
                            return slope * (t - low) + all[low];
                        })
                        .toArray();
        return new NoiseLevels(times, endingIn(last, sigmas));
    }

    /** Evenly spaced in the 7th root of the level (Karras et al. 2022), from high to low. */
    static NoiseLevels karras(int n, NoiseSchedule schedule, float last, double low, double high) {
        double top = Math.pow(high, 1 / KARRAS_RHO);
        double bottom = Math.pow(low, 1 / KARRAS_RHO);
        double[] sigmas = new double[n];
        for (int i = 0; i < n; i++) {
            double ramp = n == 1 ? 0 : i / (n - 1.);
            sigmas[i] = Math.pow(top + ramp * (bottom - top), KARRAS_RHO);
        }
        double[] times =
                Arrays.stream(sigmas).map(sigma -> timeOf(sigma, schedule.sigmas())).toArray();
        return new NoiseLevels(times, endingIn(last, sigmas));
    }

    private static float[] endingIn(float last, double[] sigmas) {
        float[] all = new float[sigmas.length + 1];
        for (int i = 0; i < sigmas.length; i++) {
            all[i] = (float) sigmas[i];
        }
        all[sigmas.length] = last;
        return all;
    }

    /** Where a level would lie among the training steps, by its logarithm. */
    static double timeOf(double sigma, float[] all) {
        double log = Math.log(Math.max(sigma, 1e-10));
        int low = 0;
        for (int i = 0; i < all.length - 1 && log(all[i]) <= log; i++) {
            low = i;
        }
        double between = (log(all[low]) - log) / (log(all[low]) - log(all[low + 1]));
        return low + Math.clamp(between, 0, 1);
    }

    private static double log(float sigma) {
        return (float) Math.log(sigma);
    }

    double[] times() {
        return times;
    }

    /** One more than times: after the last step too. */
    float[] sigmas() {
        return sigmas;
    }

    /**
     * What fresh noise is multiplied with, when the first level is or is not the highest there is.
     */
    static double noiseScale(float[] sigmas, TimestepSpacing spacing) {
        double most = sigmas[0];
        return spacing == TimestepSpacing.LEADING ? Math.sqrt(most * most + 1) : most;
    }

    /**
     * How much of a clip of variance 1 is left when it is scaled to have that variance with noise.
     */
    static double alpha(double sigma) {
        return 1 / Math.sqrt(sigma * sigma + 1);
    }

    /** Latents of a level as the model is to see them: with the variance of clips. */
    static NDArray scaled(NDArray x, float sigma) {
        return x.div((float) Math.sqrt(sigma * sigma + 1));
    }
}
