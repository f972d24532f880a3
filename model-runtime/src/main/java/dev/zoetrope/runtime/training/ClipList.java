package dev.zoetrope.runtime.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;

import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A file that names videos and pictures, by paths relative to it, and their captions: {@code .csv}
 * with a heading, or {@code .jsonl}.
 */
final class ClipList {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ObjectReader CSV =
            CsvMapper.builder()
                    .enable(CsvParser.Feature.WRAP_AS_ARRAY)
                    .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                    .build()
                    .readerForListOf(String.class);
    private static final List<String> FILE_FIELDS = List.of("path", "file", "file_name", "video");
    private static final List<String> CAPTION_FIELDS = List.of("caption", "cap", "text", "prompt");

    private ClipList() {}

    static boolean recognises(Path place) {
        String name = place.toString().toLowerCase(Locale.ROOT);
        return Files.isRegularFile(place) && (name.endsWith(".csv") || name.endsWith(".jsonl"));
    }

    /**
     * The files that it names, with their captions.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException {@link Problem.FileInaccessible}, or
     *     {@link Problem.ImpossibleRequest} when a line does not name both
     */
    static List<ClipFile> read(Path list) {
        String text = ClipFile.text(list);
        return list.toString().toLowerCase(Locale.ROOT).endsWith(".csv")
                ? table(list, rows(list, text))
                : lines(list, text);
    }

    private static List<ClipFile> lines(Path list, String text) {
        List<ClipFile> files = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                JsonNode entry = JSON.readTree(line);
                files.add(
                        new ClipFile(
                                list.resolveSibling(field(list, number, FILE_FIELDS, entry::get)),
                                field(list, number, CAPTION_FIELDS, entry::get)));
            } catch (IOException e) {
                throw unreadable(list, number).asException(e);
            }
        }
        return files;
    }

    private interface Fields {
        @Nullable JsonNode get(String name);
    }

    private static String field(Path list, int line, List<String> names, Fields fields) {
        return names.stream()
                .map(fields::get)
                .filter(value -> value != null && value.isTextual())
                .map(JsonNode::textValue)
                .findFirst()
                .orElseThrow(() -> unreadable(list, line).asException());
    }

    private static List<List<String>> rows(Path list, String text) {
        try (MappingIterator<List<String>> rows = CSV.readValues(text)) {
            return rows.readAll();
        } catch (IOException e) {
            throw unreadable(list, 1).asException(e);
        }
    }

    private static List<ClipFile> table(Path list, List<List<String>> rows) {
        List<String> heading = rows.isEmpty() ? List.of() : rows.getFirst();
        int file = column(list, heading, FILE_FIELDS);
        int caption = column(list, heading, CAPTION_FIELDS);
        List<ClipFile> files = new ArrayList<>();
        for (int i = 1; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            if (row.size() <= Math.max(file, caption)) {
                throw unreadable(list, i + 1).asException();
            }
            files.add(new ClipFile(list.resolveSibling(row.get(file)), row.get(caption)));
        }
        return files;
    }

    private static int column(Path list, List<String> heading, List<String> names) {
        return names.stream()
                .map(heading::indexOf)
                .filter(at -> at >= 0)
                .findFirst()
                .orElseThrow(() -> unreadable(list, 1).asException());
    }

    private static Problem unreadable(Path list, int line) {
        return new Impossible.CaptionsUnreadable(list, line);
    }
}
