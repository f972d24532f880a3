package dev.zoetrope.runtime.reconstruction;

import java.time.Duration;

/**
 * A whole reconstruction in numbers.
 *
 * @param psnr of the mean squared error over all frames, dB
 * @param ssim mean over frames
 * @param codesUsed distinct codebook entries that occurred
 * @param codes size of the codebook
 * @param compression bits of the 8-bit RGB source per bit of the codes
 * @param codecTime time in the codec alone, without reading and writing files
 */
public record ReconstructionSummary(
        long frames,
        double psnr,
        double ssim,
        int codesUsed,
        int codes,
        double compression,
        Duration codecTime,
        Duration totalTime) {}
