package dev.zoetrope.engine;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationRequest;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Things to ask an engine for. */
final class EngineRequests {
    private EngineRequests() {}

    /** Of a model that need not be there. */
    static GenerationRequest generation(String prompt, long seed) {
        return new GenerationRequest(
                prompt,
                "blurred",
                Optional.empty(),
                "/models/none",
                Optional.of(new AspectRatio(16, 9)),
                OptionalInt.of(256),
                Optional.of(new ClipLength.Seconds(2)),
                OptionalDouble.empty(),
                OptionalInt.of(24),
                OptionalDouble.of(3.5),
                Optional.of("ddim"),
                seed,
                Path.of("/clips/boat.mp4"),
                Optional.of(Precision.FP32),
                true);
    }
}
