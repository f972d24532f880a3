package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import com.google.common.primitives.ImmutableDoubleArray;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.problem.Problem;

import java.util.stream.IntStream;

/**
 * How much of a clip is left after t steps of training noise, as diffusers 0.30 computes it: in
 * fp32, whose rounding shows in the first steps, where almost nothing is taken away.
 */
public final class NoiseSchedule {
    private final float[] betas;
    private final float[] alphasCumprod;

    private NoiseSchedule(float[] betas, float[] alphasCumprod) {
        this.betas = betas;
        this.alphasCumprod = alphasCumprod;
    }

    /**
     * The schedule of a configuration.
     *
     * @param start the first beta, where the configuration does not say
     * @param end the last beta, likewise
     */
    static NoiseSchedule of(SchedulerConfig c, double start, double end) {
        float[] betas = betas(c, start, end);
        return new NoiseSchedule(betas, cumprod(betas));
    }

    /**
     * Nothing is left of the clip at the last step (Lin et al. 2024), if the configuration asks for
     * that. Not every sampler has the option, and those without ignore it.
     */
    NoiseSchedule rescaled(SchedulerConfig c) {
        if (!c.flag("rescale_betas_zero_snr", false)) {
            return this;
        }
        float[] rescaled = endingInNoise(betas);
        return new NoiseSchedule(rescaled, cumprod(rescaled));
    }

    /**
     * A schedule of float64 betas that rise linearly in their roots, shifted to less signal by
     * {@code snr_shift_scale}.
     */
    static NoiseSchedule shifted(SchedulerConfig c, double start, double end, double shift) {
        c.only("beta_schedule", "scaled_linear");
        int n = c.integer("num_train_timesteps", 1000, 2, Integer.MAX_VALUE);
        double first = Math.sqrt(c.number("beta_start", start));
        double last = Math.sqrt(c.number("beta_end", end));
        double scale = c.number("snr_shift_scale", shift);
        float[] betas = new float[n];
        float[] left = new float[n];
        double product = 1;
        for (int i = 0; i < n; i++) {
            double root = first + i * (last - first) / (n - 1);
            product *= 1 - root * root;
            betas[i] = (float) (root * root);
            left[i] = (float) (product / (scale + (1 - scale) * product));
        }
        boolean toZero = c.flag("rescale_betas_zero_snr", false);
        return new NoiseSchedule(betas, toZero ? shiftedToZero(left) : left);
    }

    private static float[] betas(SchedulerConfig c, double start, double end) {
        if (c.has("trained_betas")) {
            return c.numbers("trained_betas");
        }
        int n = c.integer("num_train_timesteps", 1000, 2, Integer.MAX_VALUE);
        double first = c.number("beta_start", start);
        double last = c.number("beta_end", end);
        String schedule = c.text("beta_schedule", "linear");
        return switch (schedule) {
            case "linear" -> linspace(first, last, n);
            case "scaled_linear" -> {
                float[] roots = linspace(Math.sqrt(first), Math.sqrt(last), n);
                yield floats(n, i -> roots[i] * roots[i]);
            }
            case "squaredcos_cap_v2" ->
                    floats(n, i -> Math.min(1 - left((i + 1.) / n) / left((double) i / n), 0.999));
            default ->
                    throw new Problem.ImpossibleRequest(
                                    "The sampler's option beta_schedule is \"%s\", which is not known."
                                            .formatted(schedule),
                                    "Known are linear, scaled_linear and squaredcos_cap_v2.")
                            .asException();
        };
    }

    /**
     * Evenly spaced numbers in the order of rounding of torch's vector code: from the nearer end to
     * every eighth, and from there on, with fused multiplications. Other orders differ in the last
     * bit of some, which {@link #endingInNoise} magnifies.
     */
    private static float[] linspace(double first, double last, int n) {
        float start = (float) first;
        float end = (float) last;
        float step = (end - start) / (n - 1);
        return floats(
                n,
                i -> {
                    int eighth = i - i % 8;
                    float base =
                            eighth < n / 2
                                    ? Math.fma(step, eighth, start)
                                    : Math.fma(-step, n - 1 - eighth, end);
                    return Math.fma(step, i - eighth, base);
                });
    }

    private static double left(double t) {
        double cosine = Math.cos((t + 0.008) / 1.008 * Math.PI / 2);
        return cosine * cosine;
    }

    /**
     * The square roots of what is left are shifted to end in 0 and stretched to begin as before.
     */
    private static float[] endingInNoise(float[] betas) {
        float[] shifted = shiftedToZero(cumprod(betas));
        return floats(betas.length, i -> 1 - (i == 0 ? shifted[0] : shifted[i] / shifted[i - 1]));
    }

    private static float[] shiftedToZero(float[] left) {
        float first = (float) Math.sqrt(left[0]);
        float last = (float) Math.sqrt(left[left.length - 1]);
        float stretch = first / (first - last);
        return floats(
                left.length,
                i -> {
                    float root = ((float) Math.sqrt(left[i]) - last) * stretch;
                    return root * root;
                });
    }

    /** Products of 1 - beta; torch keeps the running one in float64. */
    private static float[] cumprod(float[] betas) {
        float[] products = new float[betas.length];
        double product = 1;
        for (int i = 0; i < betas.length; i++) {
            product *= 1 - betas[i];
            products[i] = (float) product;
        }
        return products;
    }

    /** The same, but with a little of the clip left at the end, where the noise level is finite. */
    NoiseSchedule withFiniteEnd() {
        float[] left = alphasCumprod.clone();
        if (left[left.length - 1] == 0) {
            left[left.length - 1] = 0x1p-24f;
        }
        return new NoiseSchedule(betas, left);
    }

    /** How many steps models were trained in. */
    public int steps() {
        return betas.length;
    }

    public ImmutableDoubleArray betas() {
        return widened(betas);
    }

    /** What is left of the clip's variance after each step. */
    public ImmutableDoubleArray alphasCumprod() {
        return widened(alphasCumprod);
    }

    /** What is left of the clip's variance after step t, from 0. */
    float alphaCumprod(int t) {
        return alphasCumprod[t];
    }

    /** The noise in units of what is left of the clip after each step. */
    float[] sigmas() {
        return floats(steps(), i -> (float) Math.sqrt((1 - alphasCumprod[i]) / alphasCumprod[i]));
    }

    /** Clean latents with the noise of step t. */
    public NDArray addNoise(NDArray x0, NDArray noise, int t) {
        float left = alphasCumprod[t];
        return Kernels.inference().mix(x0, Math.sqrt(left), noise, Math.sqrt(1 - left));
    }

    /** What a v-predicting model is trained to say of {@link #addNoise}. */
    public NDArray velocity(NDArray x0, NDArray noise, int t) {
        float left = alphasCumprod[t];
        return Kernels.inference().mix(noise, Math.sqrt(left), x0, -Math.sqrt(1 - left));
    }

    private static ImmutableDoubleArray widened(float[] values) {
        return ImmutableDoubleArray.copyOf(
                IntStream.range(0, values.length).mapToDouble(i -> values[i]));
    }

    private interface Entry {
        double at(int i);
    }

    private static float[] floats(int n, Entry entry) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) entry.at(i);
        }
        return values;
    }
}
