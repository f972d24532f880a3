package dev.zoetrope.runtime.reconstruction;

import java.time.Duration;
import java.util.Optional;

/**
 * A whole reconstruction in numbers.
 *
 * @param psnr of the mean squared error over all frames, dB
 * @param ssim mean over frames
 * @param codebook empty for a codec without one
 * @param compression bits of the 8-bit RGB source per bit of the codes, or of latents of 16 bits
 * @param codecTime time in the codec alone, without reading and writing files
 */
public record ReconstructionSummary(
        long frames,
        double psnr,
        double ssim,
        Optional<CodebookUse> codebook,
        double compression,
        Duration codecTime,
        Duration totalTime) {}
