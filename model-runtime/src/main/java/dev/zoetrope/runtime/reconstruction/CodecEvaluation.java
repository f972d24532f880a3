package dev.zoetrope.runtime.reconstruction;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * @param recognised in how many of the rebuilt clips each trait is still what it was made to be, in
 *     the critic's order; empty for data sets without one
 */
public record CodecEvaluation(
        int clips,
        double psnr,
        double meanPsnr,
        double worstPsnr,
        double ssim,
        Optional<CodebookUse> codebook,
        Map<String, Integer> recognised) {
    public CodecEvaluation {
        recognised = Collections.unmodifiableMap(new LinkedHashMap<>(recognised));
    }
}
