package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.common.primitives.ImmutableDoubleArray;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.problem.Impossible;

import java.util.Arrays;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The diffusion process of Improved DDPM (Nichol and Dhariwal 2021), in all its steps or in some of
 * them: a model predicts the noise and where between two bounds the variance lies.
 *
 * <p>Ported from Open-Sora-Plan 2a8b2328, {@code opensora/models/diffusion/diffusion/}. A process
 * of fewer steps has its own betas, but tells the model the time in the full one. Tables are
 * float64, arrays fp32.
 */
public final class GaussianDiffusion {
    private static final double REFERENCE_STEPS = 1000;

    private final int channelAxis;
    private final Variance variance;
    private final int[] timestepMap;
    private final Tables tables;

    /** What a model says about the variance of a step. */
    public enum Variance {
        /** Where it lies, -1 at the posterior's and 1 at beta, in as many channels again. */
        LEARNED_RANGE,
        /** Nothing; it is beta. */
        FIXED_LARGE
    }

    /** The numbers of each step, the least noisy first. */
    public record Tables(
            ImmutableDoubleArray betas,
            ImmutableDoubleArray alphasCumprod,
            ImmutableDoubleArray alphasCumprodPrev,
            ImmutableDoubleArray sqrtRecipAlphasCumprod,
            ImmutableDoubleArray sqrtRecipm1AlphasCumprod,
            ImmutableDoubleArray posteriorVariance,
            ImmutableDoubleArray posteriorLogVarianceClipped,
            ImmutableDoubleArray posteriorMeanCoef1,
            ImmutableDoubleArray posteriorMeanCoef2) {

        static Tables of(double[] betas) {
            int n = betas.length;
            double[] left = new double[n];
            double product = 1;
            for (int i = 0; i < n; i++) {
                product *= 1 - betas[i];
                left[i] = product;
            }
            IntToDoubleFunction prev = i -> i == 0 ? 1 : left[i - 1];
            IntToDoubleFunction posterior =
                    i -> betas[i] * (1 - prev.applyAsDouble(i)) / (1 - left[i]);
            return new Tables(
                    ImmutableDoubleArray.copyOf(betas),
                    ImmutableDoubleArray.copyOf(left),
                    table(n, prev),
                    table(n, i -> Math.sqrt(1 / left[i])),
                    table(n, i -> Math.sqrt(1 / left[i] - 1)),
                    table(n, posterior),
                    // The first is 0 and takes the second's place among the logarithms.
                    table(
                            n,
                            i ->
                                    Math.log(
                                            posterior.applyAsDouble(
                                                    i == 0 ? Math.min(1, n - 1) : i))),
                    table(n, i -> betas[i] * Math.sqrt(prev.applyAsDouble(i)) / (1 - left[i])),
                    table(
                            n,
                            i ->
                                    (1 - prev.applyAsDouble(i))
                                            * Math.sqrt(1 - betas[i])
                                            / (1 - left[i])));
        }

        private static ImmutableDoubleArray table(int n, IntToDoubleFunction entry) {
            return ImmutableDoubleArray.copyOf(IntStream.range(0, n).mapToDouble(entry));
        }
    }

    /** The training losses of each clip (B); their sum is what is minimised. */
    public record Losses(NDArray mse, NDArray bound) {}

    private GaussianDiffusion(
            double[] betas, int[] timestepMap, int channelAxis, Variance variance) {
        this.tables = Tables.of(betas);
        this.timestepMap = timestepMap;
        this.channelAxis = channelAxis;
        this.variance = variance;
    }

    /**
     * Betas rising linearly, to the same noise whatever the number of steps.
     *
     * @param channelAxis 1, or 2 for models that take (B, T, C, H, W)
     */
    public static GaussianDiffusion linear(int steps, int channelAxis, Variance variance) {
        double scale = REFERENCE_STEPS / steps;
        double start = scale * 1e-4;
        double step = (scale * 0.02 - start) / (steps - 1);
        return whole(
                IntStream.range(0, steps).mapToDouble(i -> start + i * step).toArray(),
                channelAxis,
                variance);
    }

    /** Betas under which what is left of the clip falls along a squared cosine. */
    public static GaussianDiffusion cosine(int steps, int channelAxis, Variance variance) {
        DoubleUnaryOperator left =
                t -> {
                    double c = Math.cos((t + 0.008) / 1.008 * Math.PI / 2);
                    return c * c;
                };
        double n = steps;
        return whole(
                IntStream.range(0, steps)
                        .mapToDouble(i ->
                                1 - left.applyAsDouble((i + 1) / n) / left.applyAsDouble(i / n))
                        .map(beta -> Math.min(beta, 0.999))
                        .toArray(),
                channelAxis,
                variance);
    }

    private static GaussianDiffusion whole(double[] betas, int channelAxis, Variance variance) {
        int[] every = IntStream.range(0, betas.length).toArray();
        return new GaussianDiffusion(betas, every, channelAxis, variance);
    }

    /**
     * This process in fewer steps.
     *
     * @param sections "" for all; "250" for so many, evenly; "ddim50" for so many at a whole
     *     stride; "10,15,20" for so many in each third, the least noisy first
     * @throws dev.zoetrope.runtime.problem.ProblemException when there are not that many
     */
    public GaussianDiffusion respaced(String sections) {
        int[] kept = spacing(timestepMap.length, sections);
        double[] betas = new double[kept.length];
        double before = 1;
        for (int i = 0; i < kept.length; i++) {
            double left = tables.alphasCumprod.get(kept[i]);
            betas[i] = 1 - left / before;
            before = left;
        }
        return new GaussianDiffusion(betas, kept, channelAxis, variance);
    }

    private static int[] spacing(int steps, String sections) {
        if (sections.isEmpty()) {
            return IntStream.range(0, steps).toArray();
        }
        if (sections.startsWith("ddim")) {
            int asked = Integer.parseInt(sections.substring("ddim".length()));
            int stride =
                    IntStream.range(1, steps)
                            .filter(s -> Math.ceilDiv(steps, s) == asked)
                            .findFirst()
                            .orElseThrow(
                                    () -> new Impossible.StepsUneven(asked, steps).asException());
            return IntStream.range(0, asked).map(i -> i * stride).toArray();
        }
        int[] counts = Arrays.stream(sections.split(",")).mapToInt(Integer::parseInt).toArray();
        TreeSet<Integer> kept = new TreeSet<>();
        int start = 0;
        for (int i = 0; i < counts.length; i++) {
            int size = steps / counts.length + (i < steps % counts.length ? 1 : 0);
            if (counts[i] < 1 || counts[i] > size) {
                throw new Impossible.StepsUneven(counts[i], size).asException();
            }
            double stride = counts[i] == 1 ? 1 : (size - 1) / (counts[i] - 1.);
            double at = 0;
            for (int j = 0; j < counts[i]; j++) {
                kept.add(start + (int) Math.rint(at));
                at += stride;
            }
            start += size;
        }
        return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    public Tables tables() {
        return tables;
    }

    /** The time in the full process of each step. */
    public int[] timestepMap() {
        return timestepMap.clone();
    }

    // Training

    /**
     * Clean latents after t steps' noise.
     *
     * @param t of each clip, or one for all
     */
    public NDArray addNoise(Kernels k, NDArray x0, NDArray noise, int... t) {
        NDManager m = x0.getManager();
        ImmutableDoubleArray left = tables.alphasCumprod;
        return k.mix(
                x0,
                floats(m, t, i -> Math.sqrt(left.get(i))),
                noise,
                floats(m, t, i -> Math.sqrt(1 - left.get(i))));
    }

    /**
     * How well a model's output says which noise was added, and how surprising the clean latents
     * are under its variance. The second teaches the variance alone, not the noise.
     *
     * @param k {@link Kernels#autograd()} to train
     * @param output of the model for {@code xt}
     * @param xt from {@link #addNoise}
     * @param t of each clip
     */
    public Losses losses(
            Kernels k, NDArray output, NDArray x0, NDArray xt, NDArray noise, int... t) {
        return losses(k, output, x0, xt, noise, x0.getManager().ones(new Shape(1)), t);
    }

    /**
     * As above, where only a part of each clip counts.
     *
     * @param mask without the channel axis, (B, T, H, W); what is 0 adds nothing to a mean that is
     *     over all elements all the same
     */
    public Losses maskedLosses(
            Kernels k,
            NDArray output,
            NDArray x0,
            NDArray xt,
            NDArray noise,
            NDArray mask,
            int... t) {
        return losses(k, output, x0, xt, noise, mask.expandDims(channelAxis), t);
    }

    private Losses losses(
            Kernels k,
            NDArray output,
            NDArray x0,
            NDArray xt,
            NDArray noise,
            NDArray mask,
            int... t) {
        NDManager m = x0.getManager();
        NDArray epsilon = epsilon(k, output, xt);
        NDArray mse = k.squaredError(noise, epsilon, mask);
        if (variance == Variance.FIXED_LARGE) {
            return new Losses(mse, mse.zerosLike());
        }
        NDArray mean = posteriorMean(k, clean(k, xt, k.copy(epsilon), t), xt, t);
        NDArray bound =
                k.variationalBound(
                        x0,
                        posteriorMean(k, x0, xt, t),
                        floats(m, t, i -> tables.posteriorLogVarianceClipped.get(i)),
                        mean,
                        logVariance(k, output, xt, t),
                        floats(m, t, i -> i == 0 ? 1 : 0),
                        mask);
        return new Losses(mse, bound);
    }

    // Sampling

    /**
     * All steps of this process backwards, with fresh noise in each.
     *
     * @param clip whether predicted clean latents are held within [-1, 1]
     */
    public Plan ancestral(boolean clip) {
        return new Backwards() {
            @Override
            NDArray step(Kernels k, Step s, int t) {
                NDArray output = s.output(s.x(), timestepMap[t]);
                NDArray x0 = clipped(clean(k, s.x(), epsilon(k, output, s.x()), t), clip);
                s.showClean(x0);
                NDArray mean = posteriorMean(k, x0, s.x(), t);
                NDArray noise = s.noise(); // drawn in the last step too, as the reference does
                return t == 0 ? mean : k.addNoise(mean, logVariance(k, output, s.x(), t), noise);
            }
        };
    }

    /**
     * The steps of DDIM (Song et al. 2021).
     *
     * @param eta 0 for no noise at all, 1 for as much as {@link #ancestral}
     */
    public Plan ddim(boolean clip, double eta) {
        return new Backwards() {
            @Override
            NDArray step(Kernels k, Step s, int t) {
                NDArray output = s.output(s.x(), timestepMap[t]);
                NDArray x0 = clipped(clean(k, s.x(), epsilon(k, output, s.x()), t), clip);
                s.showClean(x0);
                NDArray epsilon = // again, in case the clean latents were clipped
                        k.mix(
                                s.x(),
                                tables.sqrtRecipAlphasCumprod.get(t)
                                        / tables.sqrtRecipm1AlphasCumprod.get(t),
                                x0,
                                -1 / tables.sqrtRecipm1AlphasCumprod.get(t));
                double left = tables.alphasCumprod.get(t);
                double prev = tables.alphasCumprodPrev.get(t);
                double sigma = eta * Math.sqrt((1 - prev) / (1 - left) * (1 - left / prev));
                NDArray noise = s.noise(); // drawn without eta too, as the reference does
                NDArray mean =
                        k.mix(x0, Math.sqrt(prev), epsilon, Math.sqrt(1 - prev - sigma * sigma));
                return t == 0 ? mean : k.mix(mean, 1, noise, sigma);
            }
        };
    }

    private abstract class Backwards implements Plan {
        @Override
        public double[] times() {
            int n = timestepMap.length;
            return IntStream.range(0, n).mapToDouble(i -> timestepMap[n - 1 - i]).toArray();
        }

        @Override
        public NDArray step(Step s) {
            return step(Kernels.inference(), s, timestepMap.length - 1 - s.index());
        }

        abstract NDArray step(Kernels k, Step s, int t);
    }

    private static NDArray clipped(NDArray x0, boolean clip) {
        return clip ? x0.clip(-1, 1) : x0;
    }

    // The process

    private NDArray epsilon(Kernels k, NDArray output, NDArray x) {
        return k.narrow(output, channelAxis, 0, x.getShape().get(channelAxis));
    }

    private NDArray clean(Kernels k, NDArray x, NDArray epsilon, int... t) {
        NDManager m = x.getManager();
        return k.mix(
                x,
                floats(m, t, i -> tables.sqrtRecipAlphasCumprod.get(i)),
                epsilon,
                floats(m, t, i -> -tables.sqrtRecipm1AlphasCumprod.get(i)));
    }

    private NDArray posteriorMean(Kernels k, NDArray x0, NDArray x, int... t) {
        NDManager m = x.getManager();
        return k.mix(
                x0,
                floats(m, t, i -> tables.posteriorMeanCoef1.get(i)),
                x,
                floats(m, t, i -> tables.posteriorMeanCoef2.get(i)));
    }

    private NDArray logVariance(Kernels k, NDArray output, NDArray x, int... t) {
        NDManager m = x.getManager();
        if (variance == Variance.FIXED_LARGE) {
            double first = tables.posteriorVariance.get(Math.min(1, timestepMap.length - 1));
            return x.onesLike()
                    .mul(floats(m, t, i -> Math.log(i == 0 ? first : tables.betas.get(i))));
        }
        long channels = x.getShape().get(channelAxis);
        return k.learnedLogVariance(
                k.narrow(output, channelAxis, channels, channels),
                floats(m, t, i -> tables.posteriorLogVarianceClipped.get(i)),
                floats(m, t, i -> Math.log(tables.betas.get(i))));
    }

    /** Numbers of the schedule at each clip's time, (B). */
    private static NDArray floats(NDManager manager, int[] t, IntToDoubleFunction at) {
        float[] values = new float[t.length];
        for (int i = 0; i < t.length; i++) {
            values[i] = (float) at.applyAsDouble(t[i]);
        }
        return manager.create(values);
    }
}
