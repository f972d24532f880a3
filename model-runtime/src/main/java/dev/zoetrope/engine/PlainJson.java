package dev.zoetrope.engine;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.ModelEvaluationRequest;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The runtime's plain data as JSON, for the queue on disk and for the way between processes. A
 * value of a sealed type says as {@code type} which of its cases it is, by the simple name of the
 * record. Frames are not part of the text: they travel beside it, in the order they occur in.
 */
final class PlainJson {
    private static final String TYPE = "type";
    private static final String FRAMES = "frames";

    /** Open, so that its package need not know those that implement it. */
    private static final List<Class<?>> REQUESTS =
            List.of(
                    GenerationRequest.class,
                    ReconstructionRequest.class,
                    CodecTrainingRequest.class,
                    DenoiserTrainingRequest.class,
                    EvaluationRequest.class,
                    ModelEvaluationRequest.class,
                    CalibrationRequest.class);

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .annotationIntrospector(new Cases())
                    .addModule(new Jdk8Module())
                    .addModule(values())
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private PlainJson() {}

    /** A text, and the frames that go with it. */
    record Written(String text, List<Frame> frames) {
        Written {
            frames = List.copyOf(frames);
        }

        /** A text without frames. */
        Written(String text) {
            this(text, List.of());
        }
    }

    /** Finds out how values of a type are read, which takes longer than to read one. */
    static void prepare(Class<?> type) {
        var _ = JSON.readerFor(type);
    }

    static Written write(Object value) {
        List<Frame> frames = new ArrayList<>();
        try {
            String text = JSON.writer().withAttribute(FRAMES, frames).writeValueAsString(value);
            return new Written(text, frames);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no plain data: " + value, e);
        }
    }

    /** A value without frames. */
    static String text(Object value) {
        return write(value).text();
    }

    /** A value without frames; throws as {@link #read(String, List, Class)}. */
    static <T> T read(String text, Class<T> type) {
        return read(text, List.of(), type);
    }

    /**
     * A value and the frames beside it.
     *
     * @throws IllegalArgumentException when the text is not one of that type, or frames are missing
     * @throws ProblemException that the type has with what the text says
     */
    static <T> T read(String text, List<Frame> frames, Class<T> type) {
        return type.cast(read(text, frames, (Type) type));
    }

    /** A value without frames, of a type that may have parameters; throws likewise. */
    static Object read(String text, Type type) {
        return read(text, List.of(), type);
    }

    private static Object read(String text, List<Frame> frames, Type type) {
        JavaType java = TypeFactory.defaultInstance().constructType(type);
        String name = java.getRawClass().getSimpleName();
        try {
            Object value = JSON.readerFor(java).withAttribute(FRAMES, frames).readValue(text);
            if (value == null) {
                throw new IllegalArgumentException("null is no " + name);
            }
            return value;
        } catch (JacksonException e) {
            if (e.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            throw new IllegalArgumentException(
                    "not a %s: %s".formatted(name, e.getOriginalMessage()), e);
        }
    }

    /** Makes the sealed types known by their cases. */
    private static final class Cases extends JacksonAnnotationIntrospector {
        @Override
        public @Nullable TypeResolverBuilder<?> findTypeResolver(
                MapperConfig<?> config, AnnotatedClass type, JavaType base) {
            return isCaseOrSealed(type.getRawType())
                    ? new StdTypeResolverBuilder()
                            .init(JsonTypeInfo.Id.NAME, null)
                            .inclusion(JsonTypeInfo.As.PROPERTY)
                            .typeProperty(TYPE)
                    : null;
        }

        @Override
        public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
            Class<?> type = annotated.getRawType();
            return isCaseOrSealed(type) ? cases(type).map(Cases::named).toList() : null;
        }

        private static NamedType named(Class<?> type) {
            return new NamedType(type, type.getSimpleName());
        }

        private static boolean isCaseOrSealed(Class<?> type) {
            return type == JobRequest.class
                    || type.isSealed()
                    || Arrays.stream(type.getInterfaces()).anyMatch(Cases::isCaseOrSealed);
        }

        private static Stream<Class<?>> cases(Class<?> type) {
            if (type == JobRequest.class) {
                return REQUESTS.stream();
            }
            return type.isSealed()
                    ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Cases::cases)
                    : Stream.of(type);
        }
    }

    private static SimpleModule values() {
        SimpleModule module = new SimpleModule();
        // From here: the engine works in another folder.
        text(module, Path.class, path -> path.toAbsolutePath().toString(), Path::of);
        text(module, Duration.class, Duration::toString, Duration::parse);
        text(module, Instant.class, Instant::toString, Instant::parse);
        module.addSerializer(Frame.class, new FrameWriting());
        module.addDeserializer(Frame.class, new FrameReading());
        return module;
    }

    /** Values that a text says all of. */
    private static <T> void text(
            SimpleModule module,
            Class<T> type,
            Function<T, String> print,
            Function<String, T> parse) {
        module.addSerializer(
                type,
                new JsonSerializer<T>() {
                    @Override
                    public void serialize(T value, JsonGenerator out, SerializerProvider context)
                            throws IOException {
                        out.writeString(print.apply(value));
                    }
                });
        module.addDeserializer(
                type,
                new JsonDeserializer<T>() {
                    @Override
                    public @Nullable T deserialize(JsonParser in, DeserializationContext context)
                            throws IOException {
                        String text = in.getValueAsString();
                        if (in.hasToken(JsonToken.VALUE_STRING)) {
                            try {
                                return parse.apply(text);
                            } catch (RuntimeException e) {
                                // Reported below.
                            }
                        }
                        return type.cast(
                                context.handleWeirdStringValue(
                                        type,
                                        String.valueOf(text),
                                        "not a %s",
                                        type.getSimpleName()));
                    }
                });
    }

    /** By its number among those beside the text. */
    private static final class FrameWriting extends JsonSerializer<Frame> {
        @Override
        public void serialize(Frame frame, JsonGenerator out, SerializerProvider context)
                throws IOException {
            @SuppressWarnings("unchecked")
            List<Frame> frames = (List<Frame>) context.getAttribute(FRAMES);
            out.writeNumber(frames.size());
            frames.add(frame);
        }
    }

    private static final class FrameReading extends JsonDeserializer<Frame> {
        @Override
        public Frame deserialize(JsonParser in, DeserializationContext context) throws IOException {
            List<?> frames = (List<?>) context.getAttribute(FRAMES);
            int number = in.getIntValue();
            if (number < 0 || number >= frames.size()) {
                return (Frame)
                        context.handleWeirdNumberValue(
                                Frame.class, number, "there are %d frames", frames.size());
            }
            return (Frame) frames.get(number);
        }
    }
}
