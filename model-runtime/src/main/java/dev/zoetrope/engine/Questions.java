package dev.zoetrope.engine;

import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.problem.ProblemException;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What of {@link ModelRuntime} is answered at once. A question is one of its methods that neither
 * begins a job nor ends the runtime, by its name; whatever comes to the interface can be asked.
 */
final class Questions {
    private static final Map<String, Method> METHODS =
            Arrays.stream(ModelRuntime.class.getDeclaredMethods())
                    .filter(method -> !method.isSynthetic())
                    .filter(method -> method.getReturnType() != Job.class)
                    .filter(method -> method.getReturnType() != void.class)
                    .collect(Collectors.toUnmodifiableMap(Method::getName, Function.identity()));

    private final ModelRuntime runtime;
    private final Allowed allowed;

    Questions(ModelRuntime runtime, Allowed allowed) {
        this.runtime = runtime;
        this.allowed = allowed;
    }

    /**
     * @param arguments JSON
     * @return JSON
     * @throws IllegalArgumentException when there is no such method, or it takes other arguments
     * @throws ProblemException that the runtime throws
     */
    String answer(String name, List<String> arguments) {
        Method method = METHODS.get(name);
        if (method == null || method.getParameterCount() != arguments.size()) {
            throw new IllegalArgumentException(
                    "no question %s of %d arguments".formatted(name, arguments.size()));
        }
        Type[] types = method.getGenericParameterTypes();
        Object[] values = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            values[i] = allowed.check(PlainJson.read(arguments.get(i), types[i]));
        }
        try {
            return PlainJson.text(method.invoke(runtime, values));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The type of a question's answer. */
    static Type answerOf(String name) {
        Method method = METHODS.get(name);
        if (method == null) {
            throw new IllegalArgumentException("no question " + name);
        }
        return method.getGenericReturnType();
    }
}
