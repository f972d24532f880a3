package dev.zoetrope.sampling;

/** A sampler for models that were trained on a schedule of noise. */
public interface DiffusionSampler extends Sampler {
    NoiseSchedule schedule();
}
