package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.VideoGptVqVae;
import dev.zoetrope.model.codec.VideoGptVqVae.Norms;
import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.runtime.device.Precision;

import java.util.List;

/**
 * What VideoGPT training minimises: reconstruction plus commitment, with the codebook learning on
 * the side of every pass.
 *
 * <p>Ported from {@code VQVAE.forward} in wilson1yan/VideoGPT 733d2b15, {@code videogpt/vqvae.py}.
 */
public final class CodecObjective {
    /** Divides the squared error, about the variance of pixels. */
    public static final double PIXEL_VARIANCE = 0.06;

    private final VideoGptVqVaeConfig config;
    private final Parameters master;
    private final Precision precision;
    private final double l1Weight;
    private final CodebookTraining codebook;
    private final Kernels k = Kernels.autograd();

    /**
     * @param master fp32 parameters and buffers; the trainable ones require gradients
     * @param l1Weight of the mean absolute error, 0 in the reference
     */
    public CodecObjective(
            VideoGptVqVaeConfig config,
            Parameters master,
            Precision precision,
            double l1Weight,
            Restarts restarts) {
        this.config = config;
        this.master = master;
        this.precision = precision;
        this.l1Weight = l1Weight;
        this.codebook = new CodebookTraining(master, restarts);
    }

    /** Whether a parameter is learned by gradients; the others are statistics. */
    public static boolean isTrainable(String key) {
        return !key.startsWith("codebook.")
                && !key.endsWith(".running_mean")
                && !key.endsWith(".running_var")
                && !key.endsWith(".num_batches_tracked");
    }

    /**
     * One pass, all arrays on the manager of {@code x}.
     *
     * @param total what is differentiated
     * @param reconstructionLoss mean squared error over {@link #PIXEL_VARIANCE}
     * @param commitmentLoss how far latents are from their codes
     * @param reconstruction pixels (B, 3, T, H, W)
     * @param codes (B, T', H', W') or (B, G, T', H', W')
     * @param perplexity exp of the entropy of code use
     * @param restarted how many codes were restarted
     */
    public record Pass(
            NDArray total,
            NDArray reconstructionLoss,
            NDArray commitmentLoss,
            NDArray reconstruction,
            NDArray codes,
            NDArray perplexity,
            NDArray restarted) {}

    /**
     * Pixels (B, 3, T, H, W) through the codec and back, the codebook updated afterwards.
     *
     * @param startCodebook whether to set the codes to latents of this batch first; once per run
     */
    public Pass quantized(NDArray x, Norms norms, boolean startCodebook, CodebookDraws draws) {
        VideoGptVqVae model = model(norms, x.getManager());
        NDArray z = model.latents(x);
        NDArray rows = k.copy(model.codeRows(z));
        if (startCodebook) {
            codebook.start(rows, draws);
        }
        NDArray codes = model.quantize(z.stopGradient());
        NDArray e = k.copy(model.lookup(codes));
        NDArray commitment = k.commitmentLoss(z, e);
        NDArray perplexity = k.perplexity(codes, config.nCodes());
        NDArray restarted = codebook.update(rows, codes, draws);
        NDArray reconstruction = model.decodeEmbeddings(k.straightThrough(z, e));
        NDArray squared = k.mseLoss(reconstruction, x);
        NDArray total =
                k.weightedSum(
                        List.of(squared, commitment, k.l1Loss(reconstruction, x)),
                        1 / PIXEL_VARIANCE,
                        1,
                        l1Weight);
        return new Pass(
                total,
                k.weightedSum(List.of(squared), 1 / PIXEL_VARIANCE),
                commitment,
                reconstruction,
                codes,
                perplexity,
                restarted);
    }

    /** The codec without its codebook, for the first steps of a run: no code is read or learned. */
    public Pass unquantized(NDArray x, Norms norms) {
        VideoGptVqVae model = model(norms, x.getManager());
        NDArray z = model.latents(x);
        NDArray reconstruction = model.decodeEmbeddings(z);
        NDArray squared = k.mseLoss(reconstruction, x);
        NDArray total =
                k.weightedSum(
                        List.of(squared, k.l1Loss(reconstruction, x)),
                        1 / PIXEL_VARIANCE,
                        l1Weight);
        NDArray none = x.getManager().create(0f);
        return new Pass(
                total,
                k.weightedSum(List.of(squared), 1 / PIXEL_VARIANCE),
                none,
                reconstruction,
                none,
                none,
                none);
    }

    /** Built anew each pass: parameters in bf16 are part of what is differentiated. */
    private VideoGptVqVae model(Norms norms, NDManager manager) {
        Parameters p = VideoGptVqVae.prepare(master, k, precision, manager);
        return new VideoGptVqVae(config, p, k, precision, norms);
    }
}
