package dev.zoetrope.runtime.recipe;

import dev.zoetrope.runtime.device.Precision;

/**
 * What the frames of a clip depend on besides its request. Equal requests under equal circumstances
 * give equal frames.
 *
 * @param version of Zoetrope
 * @param fingerprint of the model's weights and configurations, the same wherever they lie
 * @param device that computed, with all that its rounding depends on
 * @param precision that the model computed in
 */
public record Circumstances(
        String version, String fingerprint, String device, Precision precision) {}
