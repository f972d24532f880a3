package dev.zoetrope.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.google.common.hash.Hashing;

import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.SkippedFile;
import dev.zoetrope.runtime.training.TrainingClip;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Videos and pictures with a caption each: a folder of them with {@code .txt} files of the same
 * names beside them, or a list, {@code .csv} with a heading or {@code .jsonl}. A clip is a stretch
 * of a video at about the wanted pace, whole frames but for what does not fit into the shape; a
 * video that is too short stands still at its end, as a picture does all the time.
 *
 * <p>Files that cannot be read are left out when it is their turn, and another one takes it.
 */
public final class CaptionedClips implements ClipSource {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ObjectReader CSV =
            CsvMapper.builder()
                    .enable(CsvParser.Feature.WRAP_AS_ARRAY)
                    .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                    .build()
                    .readerForListOf(String.class);
    private static final List<String> FILE_FIELDS = List.of("path", "file", "file_name", "video");
    private static final List<String> CAPTION_FIELDS = List.of("caption", "cap", "text", "prompt");

    private final Path place;
    private final double fps;
    private final List<Captioned> files;
    private final Map<Path, SkippedFile> skipped = new ConcurrentSkipListMap<>();

    /** A file and what it shows. */
    private record Captioned(Path file, String caption) {}

    private CaptionedClips(Path place, double fps, List<Captioned> files) {
        this.place = place;
        this.fps = fps;
        this.files = List.copyOf(files);
    }

    /**
     * Lists what a place has; nothing is decoded yet.
     *
     * @param place a folder or a list, whose paths are relative to it
     * @param fps frames per second of the clips
     * @throws ProblemException {@link Problem.FileMissing}, {@link Problem.FileInaccessible}, or
     *     {@link Impossible.NothingToLearn} when there is nothing in it, or it is no list
     */
    public static CaptionedClips open(Path place, double fps) {
        List<Captioned> files = Files.isDirectory(place) ? folder(place) : list(place);
        if (files.isEmpty()) {
            throw new Impossible.NothingToLearn(place, 0, Optional.empty()).asException();
        }
        return new CaptionedClips(place, fps, files);
    }

    /** Whether a place is a list. */
    public static boolean isList(Path place) {
        String name = place.toString().toLowerCase(Locale.ROOT);
        return Files.isRegularFile(place) && (name.endsWith(".csv") || name.endsWith(".jsonl"));
    }

    private static List<Captioned> folder(Path folder) {
        return DirectoryClips.files(folder).stream()
                .map(file -> new Captioned(file, beside(file)))
                .toList();
    }

    private static String beside(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        Path text = file.resolveSibling(name.substring(0, dot < 0 ? name.length() : dot) + ".txt");
        return Files.exists(text) ? read(text).strip() : "";
    }

    private static List<Captioned> list(Path list) {
        String text = read(list);
        return list.toString().toLowerCase(Locale.ROOT).endsWith(".csv")
                ? table(list, rows(list, text))
                : lines(list, text);
    }

    private static List<Captioned> lines(Path list, String text) {
        List<Captioned> files = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                JsonNode entry = JSON.readTree(line);
                files.add(
                        new Captioned(
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

    private static List<Captioned> table(Path list, List<List<String>> rows) {
        List<String> heading = rows.isEmpty() ? List.of() : rows.getFirst();
        int file = column(list, heading, FILE_FIELDS);
        int caption = column(list, heading, CAPTION_FIELDS);
        List<Captioned> files = new ArrayList<>();
        for (int i = 1; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            if (row.size() <= Math.max(file, caption)) {
                throw unreadable(list, i + 1).asException();
            }
            files.add(new Captioned(list.resolveSibling(row.get(file)), row.get(caption)));
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

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    @Override
    public String name() {
        return place.toString();
    }

    @Override
    public Collection<SkippedFile> skipped() {
        return List.copyOf(skipped.values());
    }

    @Override
    public TrainingClip clip(long index, ClipShape shape) {
        // Random's algorithm is fixed by its documentation; hashed, because near seeds start alike.
        Random random = new Random(Hashing.murmur3_128().hashLong(index).asLong());
        int first = random.nextInt(files.size());
        double start = random.nextDouble();
        for (int i = 0; i < files.size(); i++) {
            Captioned one = files.get((first + i) % files.size());
            Optional<TrainingClip> clip = clip(one, start, shape);
            if (clip.isPresent()) {
                return clip.get();
            }
        }
        throw new Impossible.NothingToLearn(
                        place,
                        skipped.size(),
                        skipped.values().stream().findFirst().map(SkippedFile::problem))
                .asException();
    }

    private Optional<TrainingClip> clip(Captioned one, double start, ClipShape shape) {
        if (skipped.containsKey(one.file)) {
            return Optional.empty();
        }
        try (FrameReader reader = FrameReader.open(one.file)) {
            return Optional.of(new TrainingClip(shape, frames(reader, start, shape), one.caption));
        } catch (ProblemException e) {
            skipped.put(one.file, new SkippedFile(one.file, e.problem()));
            return Optional.empty();
        }
    }

    private ByteBuffer frames(FrameReader reader, double start, ClipShape shape) {
        ClipInfo info = reader.info();
        int stride = (int) Math.max(1, Math.round(info.fps() / fps));
        long spare = info.frames() - (shape.frames() - 1L) * stride - 1;
        long from = (long) (start * (Math.max(0, spare) + 1));
        Covering covering = new Covering(shape.width(), shape.height());
        covering.scale(reader);
        if (from > 0) {
            reader.seekFrame(from);
        }
        ByteBuffer rgb = ByteBuffer.allocateDirect(shape.bytes());
        Frame frame = reader.read();
        for (int i = 0; i < shape.frames(); i++) {
            if (frame == null) {
                throw new Problem.MediaUnreadable(place, "no frame of it can be decoded")
                        .asException();
            }
            covering.crop(frame, rgb);
            for (int next = 0; next < stride; next++) {
                Frame later = reader.read();
                frame = later == null ? frame : later;
            }
        }
        return rgb.flip();
    }
}
