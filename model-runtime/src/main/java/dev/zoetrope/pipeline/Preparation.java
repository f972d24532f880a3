package dev.zoetrope.pipeline;

import dev.zoetrope.pipeline.PromptReader.Reading;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;

/** A request brought to what its model can make. */
record Preparation(
        GenerationRequest request, GenerationModel model, GenerationPlan plan, Told told) {
    /** What the model is told of the clip. */
    sealed interface Told {
        record Nothing() implements Told {}

        record Label(long label) implements Told {}

        /** What is to be seen, and what is not to be seen. */
        record Texts(Reading prompt, Reading negative) implements Told {}
    }
}
