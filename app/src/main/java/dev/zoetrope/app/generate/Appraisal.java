package dev.zoetrope.app.generate;

import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.generation.GenerationPlan;

/** What is known of a clip before it is made. */
public record Appraisal(GenerationPlan plan, Estimate estimate) {}
