package dev.zoetrope.runtime.training;

import dev.zoetrope.runtime.device.Precision;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * Everything that determines a codec training run; kept as {@code request.json} in the run folder.
 *
 * @param run folder of the run: request, metrics, samples, states and the model itself
 * @param datasets {@code NAME} of an installed source or {@code DIR} of videos and pictures, at
 *     least one, each with {@code :PARTS} after it if it is to be drawn from more often than once
 *     in a round
 * @param from installed codec, model folder or weight file of the same sizes to start with, its
 *     codebook and the statistics of its norms included; null starts anew
 * @param downsample factors in T, H, W; powers of two, one of them at least 4
 * @param codes size of the codebook, at least 1
 * @param codeGroups codes to a latent cell, at least 1; the reference has 1
 * @param embedding channels of a latent, a multiple of {@code codeGroups}
 * @param hidden channels of the hidden layers, even
 * @param residualLayers attention residual blocks in each half
 * @param shapes clip sizes, taken in turn from step to step
 * @param pixels pixels (T x H x W, of all clips together) in a step; decides how many clips it has
 * @param steps length of the run
 * @param unquantizedSteps steps at the start that train encoder and decoder without the codebook
 * @param freezeNormsAfter step from which batch norms use their running statistics, as they do when
 *     the codec is used, instead of those of the batch
 * @param learningRate at its peak
 * @param warmup steps until the peak
 * @param weightDecay of AdamW
 * @param clipNorm the largest norm of a gradient
 * @param l1Weight of the mean absolute error beside the reference's loss; 0 is the reference's
 * @param restartBelow how many latents a step, on average, must choose a code for it not to restart
 *     with new averages, above 0; null restarts as the reference does, below 1 with the old ones
 * @param averaging rate of the moving average of weights that is saved as the model
 * @param saveMinutes how often the state is saved
 * @param logEvery steps from one that tells its figures to the next, at least 1; the last tells
 *     them as well
 * @param seed of initial weights, codebook draws and clip order
 */
public record CodecTrainingRequest(
        Path run,
        List<String> datasets,
        @Nullable String from,
        List<Integer> downsample,
        int codes,
        int codeGroups,
        int embedding,
        int hidden,
        int residualLayers,
        List<ClipShape> shapes,
        int pixels,
        long steps,
        long unquantizedSteps,
        long freezeNormsAfter,
        double learningRate,
        long warmup,
        double weightDecay,
        double clipNorm,
        double l1Weight,
        @Nullable Double restartBelow,
        double averaging,
        double saveMinutes,
        long logEvery,
        long seed,
        Precision precision)
        implements TrainingRequest {
    public CodecTrainingRequest {
        datasets = List.copyOf(datasets);
        downsample = List.copyOf(downsample);
        shapes = List.copyOf(shapes);
    }

    /** Clips of {@code shape} that make up a step. */
    public int clips(ClipShape shape) {
        return Math.max(1, pixels / (shape.bytes() / 3));
    }

    /** The shape of a step's clips. */
    public ClipShape shape(long step) {
        return shapes.get((int) (step % shapes.size()));
    }
}
