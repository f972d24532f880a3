package dev.zoetrope.sampling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

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

    /** The options as JSON. */
    @Override
    public String toString() {
        return options.toString();
    }

    private static Problem unreadable(String reason) {
        return new Problem.ImpossibleRequest(
                "The sampler's scheduler_config.json cannot be read: " + reason + ".",
                "Take the file from the model's publisher again.");
    }

    /** The sampler's class, or none. */
    String className() {
        return text("_class_name", "");
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

    OptionalDouble number(String option) {
        if (!has(option)) {
            return OptionalDouble.empty();
        }
        JsonNode value = options.get(option);
        if (!value.isNumber()) {
            throw refuse(option, "a number");
        }
        return OptionalDouble.of(value.doubleValue());
    }

    double number(String option, double otherwise) {
        return number(option).orElse(otherwise);
    }

    int integer(String option, int otherwise, int least, int most) {
        double value = number(option, otherwise);
        if (value != Math.rint(value) || value < least || value > most) {
            throw refuse(option, "a whole number from %d to %d".formatted(least, most));
        }
        return (int) value;
    }

    /** An option that is there, as a list. */
    float[] numbers(String option) {
        JsonNode values = options.path(option);
        float[] numbers = new float[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!values.get(i).isNumber()) {
                throw refuse(option, "a list of numbers");
            }
            numbers[i] = values.get(i).floatValue();
        }
        if (numbers.length < 2) {
            throw refuse(option, "a list of two numbers or more");
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
        Map<String, E> choices = new LinkedHashMap<>();
        for (E choice : otherwise.getDeclaringClass().getEnumConstants()) {
            choices.put(choice.name().toLowerCase(Locale.ROOT), choice);
        }
        E chosen = choices.get(options.get(option).asText());
        if (chosen == null) {
            throw refuse(option, String.join(", ", choices.keySet()));
        }
        return chosen;
    }

    /** Refuses a configuration that wants another value than those that are implemented. */
    void only(String option, String... supported) {
        if (has(option) && !List.of(supported).contains(options.get(option).asText())) {
            throw refuse(option, String.join(", ", supported));
        }
    }

    /** Refuses a configuration that switches on what is not implemented. */
    void mustBeOff(String... switches) {
        for (String option : switches) {
            if (has(option) && !options.get(option).equals(BooleanNode.FALSE)) {
                throw refuse(option, "false");
            }
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
