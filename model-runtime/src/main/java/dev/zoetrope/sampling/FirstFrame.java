package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

import java.util.List;

/**
 * The first frame of the latents, given to a model that has learned to go on from one.
 *
 * <p>The model sees it in place of whatever the sampler has there, at each evaluation, and is not
 * asked about it: the sampler hears zero. Samplers take each number of the latents by itself, so
 * what they make of that frame is of no account; who looks at their latents {@linkplain #put puts}
 * it there. Neither a run's history nor a saved run has to know of it.
 *
 * @param latents one frame, clean
 * @param axis of frames
 */
public record FirstFrame(NDArray latents, int axis) {
    /** The model as a sampler is to see it. */
    public Denoiser given(Denoiser model) {
        return (x, time) -> {
            NDArray output = model.predict(put(x), time);
            NDArray first = Kernels.inference().narrow(output, axis, 0, 1);
            return with(first.zerosLike(), output);
        };
    }

    /** Latents of a sampler that begin with this frame. */
    public NDArray put(NDArray x) {
        return with(latents, x);
    }

    private NDArray with(NDArray first, NDArray x) {
        Kernels k = Kernels.inference();
        NDArray rest = k.narrow(x, axis, 1, x.getShape().get(axis) - 1);
        NDArray whole = k.concat(List.of(first, rest), axis);
        whole.attach(x.getManager());
        return whole;
    }
}
