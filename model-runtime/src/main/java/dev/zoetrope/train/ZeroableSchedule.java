package dev.zoetrope.train;

import com.google.common.primitives.ImmutableDoubleArray;

import dev.zoetrope.sampling.GaussianDiffusion;
import dev.zoetrope.sampling.GaussianDiffusion.Variance;

/**
 * How much of clip and noise there is at each time of a diffusion with linearly rising betas.
 *
 * @param signals by which the clip is multiplied
 * @param endsInNoise whether the last one is 0
 */
record ZeroableSchedule(ImmutableDoubleArray signals, boolean endsInNoise) {
    static ZeroableSchedule linear(int steps, boolean endsInNoise) {
        ImmutableDoubleArray left =
                GaussianDiffusion.linear(steps, 1, Variance.FIXED_LARGE).tables().alphasCumprod();
        double first = Math.sqrt(left.get(0));
        double last = Math.sqrt(left.get(steps - 1));
        ImmutableDoubleArray.Builder signals = ImmutableDoubleArray.builder(steps);
        for (int i = 0; i < steps; i++) {
            double signal = Math.sqrt(left.get(i));
            // Shifted so that the last is 0, scaled so that the first stays (Lin et al. 2024).
            signals.add(endsInNoise ? (signal - last) * first / (first - last) : signal);
        }
        return new ZeroableSchedule(signals.build(), endsInNoise);
    }

    double signal(double time) {
        return signals.get((int) time);
    }

    double noise(double time) {
        return Math.sqrt(1 - signal(time) * signal(time));
    }
}
