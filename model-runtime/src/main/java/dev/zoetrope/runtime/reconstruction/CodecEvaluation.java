package dev.zoetrope.runtime.reconstruction;

/**
 * An evaluation so far.
 *
 * @param clips done
 * @param psnr of the mean squared error over all clips, dB
 * @param meanPsnr mean of the clips' own PSNR, dB
 * @param worstPsnr of the clip that came back worst, dB
 * @param ssim mean over frames
 * @param codesUsed different codes that occurred
 * @param codes size of the codebook
 * @param perplexity exp of the entropy of code use, at most {@code codes}
 */
public record CodecEvaluation(
        int clips,
        double psnr,
        double meanPsnr,
        double worstPsnr,
        double ssim,
        int codesUsed,
        int codes,
        double perplexity) {}
