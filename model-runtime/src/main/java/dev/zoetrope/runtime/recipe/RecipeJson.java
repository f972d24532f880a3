package dev.zoetrope.runtime.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Streams;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.media.FrameRange;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A {@link Recipe} as a clip carries it: one JSON object in one line, the version of Zoetrope
 * first, by which it is known. What was asked for is under its own names, what came of it under
 * {@code made}.
 */
final class RecipeJson {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private static final String VERSION = "zoetrope";
    private static final String BEGINNING = "{\"" + VERSION + "\":";

    private static final String GENERATION = "generation";
    private static final String RECONSTRUCTION = "reconstruction";

    private static final String REENCODED = "reencodedFrom";

    private static final String EXCERPT = "excerpt";
    private static final String FIRST = "first";
    private static final String LAST = "last";

    private RecipeJson() {}

    static String write(Recipe recipe) {
        return object(recipe).toString();
    }

    private static ObjectNode object(Recipe recipe) {
        ObjectNode json = JSON.createObjectNode();
        json.put(VERSION, recipe.circumstances().version());
        switch (recipe) {
            case Recipe.Generated(var request, _, _) -> write(request, json);
            case Recipe.Reconstructed(var request, _) -> write(request, json);
            case Recipe.Reencoded(Recipe made, List<String> from) -> {
                json = object(made);
                from.forEach(json.putArray(REENCODED)::add);
                return json;
            }
            case Recipe.Excerpt(Recipe whole, FrameRange frames) -> {
                json = object(whole);
                json.putObject(EXCERPT).put(FIRST, frames.first()).put(LAST, frames.last());
                return json;
            }
        }
        ObjectNode made = json.putObject("made");
        if (recipe instanceof Recipe.Generated(_, _, var settings)) {
            made.put("width", settings.width());
            made.put("height", settings.height());
            made.put("frames", settings.frames());
            made.put("fps", settings.fps());
            made.put("sampler", settings.sampler());
            made.put("steps", settings.steps());
            made.put("guidance", settings.guidance());
        }
        made.put("fingerprint", recipe.circumstances().fingerprint());
        made.put("device", recipe.circumstances().device());
        made.put("precision", recipe.circumstances().precision().name());
        return json;
    }

    private static void write(GenerationRequest request, ObjectNode json) {
        json.put("kind", GENERATION);
        json.put("prompt", request.prompt());
        if (!request.negative().isEmpty()) {
            json.put("negative", request.negative());
        }
        request.image().ifPresent(image -> json.put("image", image.toString()));
        json.put("model", request.model());
        request.aspect().ifPresent(aspect -> json.put("aspect", aspect.toString()));
        request.resolution().ifPresent(side -> json.put("resolution", side));
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
    }

    private static void write(ReconstructionRequest request, ObjectNode json) {
        json.put("kind", RECONSTRUCTION);
        json.put("input", request.input().toString());
        json.put("codec", request.codec());
        request.resolution().ifPresent(side -> json.put("resolution", side));
        json.put("start", request.startSeconds());
        request.frames().ifPresent(frames -> json.put("frames", frames));
        request.precision().ifPresent(precision -> json.put("precision", precision.name()));
        if (request.sideBySide().isPresent()) {
            json.put("sideBySide", true);
        }
    }

    /**
     * What {@link #write} has written. Fields that this version does not know are passed over.
     *
     * @param clip that carries it
     * @throws ProblemException {@link Problem.RecipeUnreadable} when it is damaged
     */
    static Optional<Recipe> read(String text, Path clip) {
        if (!text.startsWith(BEGINNING)) {
            return Optional.empty();
        }
        try {
            Fields json = new Fields(JSON.readTree(text), clip);
            Recipe whole = json.reencoded(recipe(json, clip));
            return Optional.of(json.excerpt().<Recipe>map(whole::excerpt).orElse(whole));
        } catch (JsonProcessingException e) {
            throw new Problem.RecipeUnreadable(clip, "it is cut off or damaged").asException(e);
        }
    }

    private static Recipe recipe(Fields json, Path clip) {
        Fields made = json.object("made");
        Circumstances circumstances =
                new Circumstances(
                        json.text(VERSION),
                        made.text("fingerprint"),
                        made.text("device"),
                        made.precision().orElseThrow(() -> json.unreadable("it has no precision")));
        String kind = json.text("kind");
        return switch (kind) {
            case GENERATION ->
                    new Recipe.Generated(generation(json, clip), circumstances, settings(made));
            case RECONSTRUCTION ->
                    new Recipe.Reconstructed(reconstruction(json, clip), circumstances);
            default -> throw json.unreadable("it is a \"%s\", which is unknown".formatted(kind));
        };
    }

    private static Recipe.Settings settings(Fields made) {
        return new Recipe.Settings(
                made.required("width", made.integer("width", 1)),
                made.required("height", made.integer("height", 1)),
                made.required("frames", made.integer("frames", 1)),
                made.required("fps", made.fps()),
                made.text("sampler"),
                made.required("steps", made.integer("steps", 1)),
                made.required("guidance", made.number("guidance", 0)));
    }

    private static GenerationRequest generation(Fields json, Path clip) {
        OptionalInt frames = json.integer("frames", 1);
        OptionalDouble seconds = json.number("seconds", Double.MIN_VALUE);
        Optional<ClipLength> length =
                frames.isPresent()
                        ? Optional.of(new ClipLength.Frames(frames.getAsInt()))
                        : seconds.isPresent()
                                ? Optional.of(new ClipLength.Seconds(seconds.getAsDouble()))
                                : Optional.empty();
        return new GenerationRequest(
                json.text("prompt"),
                json.optionalText("negative").orElse(""),
                json.optionalText("image").map(json::path),
                json.text("model"),
                json.optionalText("aspect").map(json::aspect),
                json.integer("resolution", 1),
                length,
                json.fps(),
                json.integer("steps", 1),
                json.number("guidance", 0),
                json.optionalText("sampler"),
                json.whole("seed", Long.MIN_VALUE)
                        .orElseThrow(() -> json.unreadable("it has no seed")),
                clip,
                json.precision(),
                true);
    }

    private static ReconstructionRequest reconstruction(Fields json, Path clip) {
        boolean beside = json.json.path("sideBySide").asBoolean();
        return new ReconstructionRequest(
                json.path(json.text("input")),
                json.text("codec"),
                json.integer("resolution", 1),
                json.required("start", json.number("start", 0)),
                json.whole("frames", 1),
                beside ? clip.resolveSibling("reconstruction-" + clip.getFileName()) : clip,
                beside ? Optional.of(clip) : Optional.empty(),
                Optional.empty(),
                json.precision(),
                true);
    }

    /** The fields of an object: absent or what they have to be. */
    private record Fields(JsonNode json, Path clip) {
        ProblemException unreadable(String reason) {
            return new Problem.RecipeUnreadable(clip, reason).asException();
        }

        private ProblemException wrong(String name) {
            return unreadable("its %s is %s".formatted(name, json.get(name)));
        }

        int required(String name, OptionalInt value) {
            return value.orElseThrow(() -> unreadable("it has no " + name));
        }

        double required(String name, OptionalDouble value) {
            return value.orElseThrow(() -> unreadable("it has no " + name));
        }

        Fields object(String name) {
            JsonNode value = json.path(name);
            if (!value.isObject()) {
                throw unreadable("it has no " + name);
            }
            return new Fields(value, clip);
        }

        String text(String name) {
            return optionalText(name).orElseThrow(() -> unreadable("it has no " + name));
        }

        Optional<String> optionalText(String name) {
            JsonNode value = json.path(name);
            if (!value.isMissingNode() && !value.isTextual()) {
                throw wrong(name);
            }
            return Optional.ofNullable(value.textValue());
        }

        OptionalLong whole(String name, long least) {
            JsonNode value = json.path(name);
            if (value.isMissingNode()) {
                return OptionalLong.empty();
            }
            if (!value.isIntegralNumber()
                    || !value.canConvertToLong()
                    || value.longValue() < least) {
                throw wrong(name);
            }
            return OptionalLong.of(value.longValue());
        }

        OptionalInt integer(String name, int least) {
            OptionalLong value = whole(name, least);
            if (value.isEmpty()) {
                return OptionalInt.empty();
            }
            if (value.getAsLong() > Integer.MAX_VALUE) {
                throw wrong(name);
            }
            return OptionalInt.of((int) value.getAsLong());
        }

        OptionalDouble number(String name, double least) {
            JsonNode value = json.path(name);
            if (value.isMissingNode()) {
                return OptionalDouble.empty();
            }
            if (!value.isNumber()
                    || !Double.isFinite(value.doubleValue())
                    || value.doubleValue() < least) {
                throw wrong(name);
            }
            return OptionalDouble.of(value.doubleValue());
        }

        OptionalDouble fps() {
            return number("fps", Double.MIN_VALUE);
        }

        /** What was made, or the whole that it came to. */
        Recipe reencoded(Recipe made) {
            JsonNode from = json.path(REENCODED);
            if (from.isMissingNode()) {
                return made;
            }
            if (!from.isArray()
                    || from.isEmpty()
                    || !Streams.stream(from).allMatch(JsonNode::isTextual)) {
                throw wrong(REENCODED);
            }
            return new Recipe.Reencoded(
                    made, Streams.stream(from).map(JsonNode::textValue).toList());
        }

        Optional<FrameRange> excerpt() {
            if (json.path(EXCERPT).isMissingNode()) {
                return Optional.empty();
            }
            Fields frames = object(EXCERPT);
            int first = frames.required(FIRST, frames.integer(FIRST, 0));
            return Optional.of(
                    new FrameRange(first, frames.required(LAST, frames.integer(LAST, first))));
        }

        Optional<Precision> precision() {
            return optionalText("precision")
                    .map(name ->
                            Arrays.stream(Precision.values())
                                    .filter(one -> one.name().equals(name))
                                    .findFirst()
                                    .orElseThrow(() -> wrong("precision")));
        }

        AspectRatio aspect(String text) {
            try {
                return AspectRatio.parse(text);
            } catch (IllegalArgumentException e) {
                throw new Problem.RecipeUnreadable(clip, "its aspect is " + text).asException(e);
            }
        }

        Path path(String text) {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new Problem.RecipeUnreadable(clip, text + " is no file's name here")
                        .asException(e);
            }
        }
    }
}
