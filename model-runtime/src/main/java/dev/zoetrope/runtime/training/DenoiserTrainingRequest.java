package dev.zoetrope.runtime.training;

import dev.zoetrope.runtime.device.Precision;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * Everything that determines the training of a denoiser; kept as {@code request.json} in the run
 * folder.
 *
 * @param run folder of the run, at any time a model folder too
 * @param datasets {@code NAME} of an installed source or {@code DIR} of videos and pictures, at
 *     least one, each with {@code :PARTS} after it if it is to be drawn from more often than once
 *     in a round
 * @param codec installed codec, model folder or weight file that makes the latents
 * @param textEncoder installed text encoder, folder of one and its tokenizer, or model folder with
 *     both; null for denoisers without texts
 * @param from denoiser or model folder to begin with; null begins with nothing learned
 * @param lora rank of the adapters that are learned beside a denoiser that stays as it was; 0 to
 *     learn the whole
 * @param config a denoiser's {@code config.json}; null for that of {@code from}
 * @param objective what is learned
 * @param times how often each time on the way from clip to noise is trained, of a flow
 * @param shift by which the times of {@link Objective#FLOW} are moved towards the noise, when the
 *     model learns and when it is sampled (Esser et al. 2024): the larger the patches and the
 *     smoother the clips, the later a clip's shapes are lost in noise. Above 0; null for 1, none
 * @param minSnr the signal-to-noise ratio from which times of a diffusion count no more (Hang et
 *     al. 2023); null where all count alike
 * @param zeroSnr whether nothing is left of a clip at the last time of {@link Objective#V}
 * @param shapes clip sizes, taken in turn from step to step; the first is what the model is for
 * @param padded whether clips of all shapes pass through the model together, padded to the largest
 *     and masked, instead of those of one shape at a time
 * @param clips how many clips are drawn from the data sets, over all shapes; each gives its latents
 *     once
 * @param heldOut share of the clips, from 0 to 0.5, that nothing is learned from: of the saved
 *     models the one that does best on them is kept
 * @param words length to which captions are filled up or cut
 * @param fps frames per second of the clips
 * @param batch clips that pass through the model together
 * @param accumulate such batches in a step
 * @param checkpointing whether layers are computed twice to save memory
 * @param steps length of the run
 * @param learningRate at its peak
 * @param warmup steps until the peak
 * @param weightDecay of AdamW
 * @param clipNorm the largest norm of a gradient
 * @param averaging rate of the moving average of weights that is saved as the model
 * @param dropCondition how often, from 0 to 1, a clip is shown without its caption, for guidance
 * @param firstFrame how often, from 0 to 1, a clip of several latent frames is shown with the first
 *     of them given: its first picture, held still, without noise. Above 0 the model can go on from
 *     a picture
 * @param saveMinutes how often the state is saved
 * @param samples clips that are made with each saved model, of the first captions
 * @param logEvery steps from one line of the metrics to the next
 * @param seed of initial weights, the choice of clips, noise, times, captions left out and first
 *     frames given
 */
public record DenoiserTrainingRequest(
        Path run,
        List<String> datasets,
        String codec,
        @Nullable String textEncoder,
        @Nullable String from,
        int lora,
        @Nullable Path config,
        Objective objective,
        FlowTimes times,
        @Nullable Double shift,
        @Nullable Double minSnr,
        boolean zeroSnr,
        List<ClipShape> shapes,
        boolean padded,
        int clips,
        double heldOut,
        int words,
        double fps,
        int batch,
        int accumulate,
        boolean checkpointing,
        long steps,
        double learningRate,
        long warmup,
        double weightDecay,
        double clipNorm,
        double averaging,
        double dropCondition,
        double firstFrame,
        double saveMinutes,
        int samples,
        long logEvery,
        long seed,
        Precision precision)
        implements TrainingRequest {
    public DenoiserTrainingRequest {
        datasets = List.copyOf(datasets);
        shapes = List.copyOf(shapes);
    }

    /** Which of the shapes a step's clips have. */
    public int shape(long step) {
        return (int) (step % shapes.size());
    }
}
