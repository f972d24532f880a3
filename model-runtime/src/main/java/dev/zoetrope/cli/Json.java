package dev.zoetrope.cli;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.generation.Prompting;
import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.nio.file.Path;

/** What programs read of the command line: one JSON value a line, or one in a file. */
final class Json {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new Jdk8Module())
                    .addMixIn(Prompting.class, Kind.class)
                    .build();

    /** Which case of a sealed type a value is. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
    private interface Kind {}

    private Json() {}

    /** Prints a value as one line of stdout. */
    static void print(Object value) {
        try {
            System.out.println(MAPPER.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What {@link #print} has printed. */
    static <T> T read(String line, Class<T> type) {
        try {
            return MAPPER.readValue(line, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a value to a file, which is whole or not there. */
    static void write(Path file, Object value) {
        try {
            WholeFile.write(file, MAPPER.writeValueAsBytes(value));
        } catch (IOException e) {
            throw new Problem.FileInaccessible(file, String.valueOf(e.getMessage())).asException(e);
        }
    }
}
