package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.sampling.Denoiser;

import java.util.Arrays;
import java.util.List;

/**
 * The stand-in for a model that diffusion cases were recorded with: the tanh of each channel at its
 * own weight plus a little of the time, and a variance when one is asked for.
 */
record FakeDenoiser(NDArray w, int channelAxis, boolean variance) implements Denoiser {
    @Override
    public NDArray predict(NDArray x, double time) {
        long[] perChannel = new long[x.getShape().dimension()];
        Arrays.fill(perChannel, 1);
        perChannel[channelAxis] = -1;
        NDArray epsilon =
                x.mul(w.reshape(new Shape(perChannel)))
                        .tanh()
                        .add((float) (0.1 * Math.sin(time / 100)));
        if (!variance) {
            return epsilon;
        }
        NDArray v = x.mul(1.7f).add((float) (time / 300)).sin().mul(0.6f);
        return Kernels.autograd().concat(List.of(epsilon, v), channelAxis);
    }
}
