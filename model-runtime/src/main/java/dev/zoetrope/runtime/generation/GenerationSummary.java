package dev.zoetrope.runtime.generation;

import java.time.Duration;

/**
 * A finished generation in numbers.
 *
 * @param plan what was done
 * @param encoding time until the prompt was read
 * @param sampling time from noise to clean latents
 * @param decoding time from latents to the finished file
 */
public record GenerationSummary(
        GenerationPlan plan, Duration encoding, Duration sampling, Duration decoding) {}
