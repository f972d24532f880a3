package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

import java.util.List;

/**
 * Classifier-free guidance (Ho and Salimans 2022): away from what the model says without a
 * condition, towards what it says with one.
 *
 * @param scale 1 leaves the conditional prediction as it is
 * @param axis along which a part is guided
 * @param length of that part, from its start; what is beyond comes from the conditional prediction
 */
public record Guidance(double scale, int axis, long length) {
    /** Guides everything, learned variance included. */
    public static Guidance whole(double scale) {
        return new Guidance(scale, 1, Long.MAX_VALUE);
    }

    /** Which half of a doubled batch has the condition. */
    public enum Order {
        CONDITIONAL_FIRST,
        CONDITIONAL_LAST
    }

    /**
     * A guided model that is asked twice in each evaluation, or once without guidance to do: half
     * the memory of a doubled batch.
     */
    public Denoiser inTwoCalls(Denoiser conditional, Denoiser unconditional) {
        if (scale == 1) {
            return conditional;
        }
        return (x, time) -> combine(conditional.predict(x, time), unconditional.predict(x, time));
    }

    /**
     * A guided model that is asked once in each evaluation, for twice the clips.
     *
     * @param conditional for single batches, when there is no guidance to do
     * @param both the same model with the conditions of a doubled batch, in {@code order}
     */
    public Denoiser inOneBatch(Denoiser conditional, Denoiser both, Order order) {
        if (scale == 1) {
            return conditional;
        }
        return (x, time) -> {
            Kernels k = Kernels.inference();
            long clips = x.getShape().get(0);
            NDArray output = both.predict(k.concat(List.of(x, x), 0), time);
            NDArray first = k.narrow(output, 0, 0, clips);
            NDArray last = k.narrow(output, 0, clips, clips);
            return order == Order.CONDITIONAL_FIRST ? combine(first, last) : combine(last, first);
        };
    }

    /** Both predictions are of the same shape. */
    public NDArray combine(NDArray conditional, NDArray unconditional) {
        long all = conditional.getShape().get(axis);
        if (length >= all) {
            return unconditional.add(conditional.sub(unconditional).mul((float) scale));
        }
        Kernels k = Kernels.inference();
        NDArray c = k.narrow(conditional, axis, 0, length);
        NDArray u = k.narrow(unconditional, axis, 0, length);
        NDArray rest = k.narrow(conditional, axis, length, all - length);
        return k.concat(List.of(u.add(c.sub(u).mul((float) scale)), rest), axis);
    }
}
