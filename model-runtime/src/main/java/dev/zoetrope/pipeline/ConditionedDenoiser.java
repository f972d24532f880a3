package dev.zoetrope.pipeline;

import dev.zoetrope.sampling.Denoiser;
import dev.zoetrope.sampling.Guidance;

/** A denoiser on the device. */
public interface ConditionedDenoiser {
    /**
     * The model under one condition.
     *
     * @throws IllegalArgumentException for a condition that it was not trained with
     */
    Denoiser under(Condition condition);

    /** How the reference guides this model, whose quirks its published samples show. */
    Guidance guidance(double scale);

    /**
     * The model guided towards one condition and away from another.
     *
     * @param scale 1 for no guidance
     */
    default Denoiser guided(Condition towards, Condition from, double scale) {
        return guidance(scale).inTwoCalls(under(towards), under(from));
    }
}
