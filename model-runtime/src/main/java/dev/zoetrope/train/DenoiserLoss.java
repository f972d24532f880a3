package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.train.TrainableDenoiser.Told;

import org.jspecify.annotations.Nullable;

/**
 * The loss of clips at their times.
 *
 * @param k what it computes with, {@link Kernels#autograd()} to train
 */
record DenoiserLoss(TrainableDenoiser.Model model, DenoiserObjective objective, Kernels k) {
    /**
     * Of each clip (B), the mean over its own latents.
     *
     * @param clips (B, C, T, H, W)
     * @param noise (B, C, T, H, W)
     * @param mask (B, T, h, w), 1 for patches that are no padding; null for no padding at all
     */
    NDArray each(NDArray clips, NDArray noise, double[] times, Told told, @Nullable NDArray mask) {
        NDManager manager = clips.getManager();
        NDArray noisy = objective.noisy(k, clips, noise, times);
        float[] timesTold = new float[times.length];
        float[] weights = new float[times.length];
        for (int i = 0; i < times.length; i++) {
            timesTold[i] = objective.told(times[i]);
            weights[i] = (float) objective.weight(times[i]);
        }
        NDArray weight = manager.create(weights);
        NDArray output;
        NDArray counted;
        if (mask == null) {
            output = model.predict(noisy, manager.create(timesTold), told, null);
            counted = manager.create(new float[] {1});
        } else {
            // Once its channels are brought to mean 0, padding is zero no more.
            counted = latents(mask, clips.getShape());
            noisy = k.multiply(noisy, counted);
            output = model.predict(noisy, manager.create(timesTold), told, mask);
            // The objective's mean is over padding too.
            weight = weight.div(mask.flatten(1, 3).mean(new int[] {1}));
        }
        return k.multiply(objective.loss(k, output, clips, noisy, noise, counted, times), weight);
    }

    /** A mask of patches (B, T, h, w) as one of latents (B, 1, T, H, W). */
    private static NDArray latents(NDArray mask, Shape clips) {
        int patch = (int) (clips.get(3) / mask.getShape().get(2));
        return mask.repeat(2, patch).repeat(3, patch).expandDims(1);
    }
}
