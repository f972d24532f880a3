package dev.zoetrope.runtime.reconstruction;

import java.util.Optional;

/**
 * An evaluation so far.
 *
 * @param clips done
 * @param psnr of the mean squared error over all clips, dB
 * @param meanPsnr mean of the clips' own PSNR, dB
 * @param worstPsnr of the clip that came back worst, dB
 * @param ssim mean over frames
 * @param codebook empty for a codec without one
 */
public record CodecEvaluation(
        int clips,
        double psnr,
        double meanPsnr,
        double worstPsnr,
        double ssim,
        Optional<CodebookUse> codebook) {}
