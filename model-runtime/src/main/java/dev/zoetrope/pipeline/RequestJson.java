package dev.zoetrope.pipeline;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationRequest;

/** A request as a clip's metadata carries it, so that a clip can be made again. */
final class RequestJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RequestJson() {}

    /**
     * One line, with what was asked for and nothing else; where the clip lies is not part of it.
     */
    static String write(GenerationRequest request) {
        ObjectNode json = JSON.createObjectNode();
        json.put("prompt", request.prompt());
        if (!request.negative().isBlank()) {
            json.put("negative", request.negative());
        }
        request.image().ifPresent(image -> json.put("image", image.toString()));
        json.put("model", request.model());
        request.aspect().ifPresent(a -> json.put("aspect", a.width() + ":" + a.height()));
        request.resolution().ifPresent(r -> json.put("resolution", r));
        request.length()
                .ifPresent(length -> {
                    switch (length) {
                        case ClipLength.Frames(int count) -> json.put("frames", count);
                        case ClipLength.Seconds(double count) -> json.put("seconds", count);
                    }
                });
        request.fps().ifPresent(fps -> json.put("fps", fps));
        request.steps().ifPresent(steps -> json.put("steps", steps));
        request.guidance().ifPresent(guidance -> json.put("guidance", guidance));
        request.sampler().ifPresent(sampler -> json.put("sampler", sampler));
        json.put("seed", request.seed());
        request.precision().ifPresent(precision -> json.put("precision", precision.name()));
        return json.toString();
    }
}
