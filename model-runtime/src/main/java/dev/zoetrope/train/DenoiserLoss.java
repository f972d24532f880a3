package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.train.TrainableDenoiser.Told;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * The loss of clips at their times.
 *
 * @param k what it computes with, {@link Kernels#autograd()} to train
 */
record DenoiserLoss(TrainableDenoiser.Model model, DenoiserObjective objective, Kernels k) {
    /**
     * Of each clip (B), the mean over its own latents but for the frame that is given.
     *
     * @param clips (B, C, T, H, W)
     * @param noise (B, C, T, H, W)
     * @param given of each clip, whether the model is to go on from its first frame, which it sees
     *     without noise
     * @param mask (B, T, h, w), 1 for patches that are no padding; null for no padding at all
     */
    NDArray each(
            NDArray clips,
            NDArray noise,
            double[] times,
            List<Boolean> given,
            Told told,
            @Nullable NDArray mask) {
        NDManager manager = clips.getManager();
        NDArray noisy = objective.noisy(k, clips, noise, times);
        float[] timesTold = new float[times.length];
        float[] weights = new float[times.length];
        for (int i = 0; i < times.length; i++) {
            timesTold[i] = objective.told(times[i]);
            weights[i] = (float) objective.weight(times[i]);
        }
        NDArray weight = manager.create(weights);
        NDArray counted = manager.create(new float[] {1});
        if (given.contains(true)) {
            counted = asked(manager, given, clips.getShape().get(2));
            NDArray rest = manager.create(1f).sub(counted);
            noisy = k.add(k.multiply(noisy, counted), k.multiply(clips, rest));
        }
        if (mask != null) {
            // Once its channels are brought to mean 0, padding is zero no more.
            NDArray clip = latents(mask, clips.getShape());
            noisy = k.multiply(noisy, clip);
            counted = k.multiply(clip, counted);
        }
        NDArray output = model.predict(noisy, manager.create(timesTold), told, mask);
        if (counted.getShape().dimension() > 1) {
            // The objective's mean is over what does not count too.
            weight = weight.div(counted.flatten(1, 4).mean(new int[] {1}));
        }
        return k.multiply(objective.loss(k, output, clips, noisy, noise, counted, times), weight);
    }

    /** Which frames the model is asked about (B, 1, T, 1, 1), 0 for those that are given. */
    private static NDArray asked(NDManager manager, List<Boolean> given, long frames) {
        float[] asked = new float[given.size() * (int) frames];
        Arrays.fill(asked, 1);
        for (int clip = 0; clip < given.size(); clip++) {
            if (given.get(clip)) {
                asked[clip * (int) frames] = 0;
            }
        }
        return manager.create(asked, new Shape(given.size(), 1, frames, 1, 1));
    }

    /** A mask of patches (B, T, h, w) as one of latents (B, 1, T, H, W). */
    private static NDArray latents(NDArray mask, Shape clips) {
        int patch = (int) (clips.get(3) / mask.getShape().get(2));
        return mask.repeat(2, patch).repeat(3, patch).expandDims(1);
    }
}
