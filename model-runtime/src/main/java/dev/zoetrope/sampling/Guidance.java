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
