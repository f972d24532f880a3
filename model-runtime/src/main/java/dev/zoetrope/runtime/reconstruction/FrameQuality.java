package dev.zoetrope.runtime.reconstruction;

/**
 * How close a reconstructed frame is to its original, both 8-bit RGB.
 *
 * @param psnr peak signal-to-noise ratio over all three channels, dB; infinite for equal frames
 * @param ssim structural similarity of luma (Wang et al. 2004, 11 x 11 Gaussian window, sigma 1.5),
 *     at most 1
 */
public record FrameQuality(double psnr, double ssim) {}
