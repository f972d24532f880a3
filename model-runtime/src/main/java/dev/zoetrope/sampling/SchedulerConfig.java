package dev.zoetrope.sampling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

/**
 * The options of a sampler as diffusers' {@code scheduler_config.json} has them. What is absent or
 * null takes the default that each sampler names where it reads the option.
 */
public final class SchedulerConfig {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    // Python writes infinities, which are no JSON.
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build();

    private final JsonNode options;

    private SchedulerConfig(JsonNode options) {
        this.options = options;
    }

    /** No options: every default of the sampler. */
    public static SchedulerConfig defaults() {
        return new SchedulerConfig(JSON.createObjectNode());
    }

    /**
     * Reads the options.
     *
     * @param json the text of a {@code scheduler_config.json}
     * @throws ProblemException when it is not a JSON object
     */
    public static SchedulerConfig parse(String json) {
        try {
            JsonNode options = JSON.readTree(json);
            if (options.isObject()) {
                return new SchedulerConfig(options);
            }
            throw unreadable("it is not an object").asException();
        } catch (JsonProcessingException e) {
            throw unreadable(e.getOriginalMessage()).asException(e);
        }
    }

    private static Problem unreadable(String reason) {
        return new Problem.ImpossibleRequest(
                "The sampler's scheduler_config.json cannot be read: " + reason + ".",
                "Take the file from the model's publisher again.");
    }

    boolean has(String option) {
        return options.hasNonNull(option);
    }

    String text(String option, String otherwise) {
        return has(option) ? options.get(option).asText() : otherwise;
    }

    boolean flag(String option, boolean otherwise) {
        JsonNode value = options.get(option);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw refuse(option, "true or false");
        }
        return value.booleanValue();
    }

    double number(String option, double otherwise) {
        JsonNode value = options.get(option);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw refuse(option, "a number");
        }
        return value.doubleValue();
    }

    int integer(String option, int otherwise) {
        double value = number(option, otherwise);
        if (value != Math.rint(value)) {
            throw refuse(option, "a whole number");
        }
        return (int) value;
    }

    float[] numbers(String option) {
        JsonNode values = options.path(option);
        float[] numbers = new float[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = values.get(i).floatValue();
        }
        return numbers;
    }

    /** How far from 0 clean latents may be; without bound unless the configuration clips. */
    double clip(boolean otherwise) {
        return flag("clip_sample", otherwise)
                ? number("clip_sample_range", 1)
                : Double.POSITIVE_INFINITY;
    }

    /** One of an enum's constants, which are called as the option's values, in capitals. */
    <E extends Enum<E>> E choice(String option, E otherwise) {
        if (!has(option)) {
            return otherwise;
        }
        String value = options.get(option).asText();
        E[] choices = otherwise.getDeclaringClass().getEnumConstants();
        StringBuilder known = new StringBuilder();
        for (E choice : choices) {
            if (choice.toString().equals(value)) {
                return choice;
            }
            known.append(known.isEmpty() ? "" : ", ").append(choice);
        }
        throw refuse(option, known.toString());
    }

    /** Refuses a configuration that needs what is not implemented. */
    void only(String option, Object supported) {
        if (!text(option, supported.toString()).equals(supported.toString())) {
            throw refuse(option, supported.toString());
        }
    }

    private ProblemException refuse(String option, String possible) {
        return new Problem.ImpossibleRequest(
                        "The sampler's option %s is %s, which is not possible here."
                                .formatted(option, options.get(option)),
                        "Possible is " + possible + ", or choose another sampler.")
                .asException();
    }
}
