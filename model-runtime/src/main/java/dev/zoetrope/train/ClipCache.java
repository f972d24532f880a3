package dev.zoetrope.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.training.ClipShape;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a denoiser's training reads instead of clips and captions, on disk:
 *
 * <pre>
 * cache.json              what all of it was made from
 * 16x128x128.latents      latents (C, T, H, W) of one clip after another, fp16
 * 16x128x128.first        latents (C, 1, H, W) of the first picture of each, held still, fp16;
 *                         where clips are given their first frame
 * 16x128x128.captions     a JSON string a line, one for each clip
 * words.states            states (L, D) of one distinct caption after another, fp16
 * words.lengths           how many of the L words each caption has, int32
 * </pre>
 *
 * The first distinct caption is the empty one; the others follow as they first occur. Every file
 * grows at its end, so that an extraction that was stopped goes on.
 */
public final class ClipCache {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;

    /**
     * Opens the cache in a folder.
     *
     * @param origin all that its content depends on
     * @throws dev.zoetrope.runtime.problem.ProblemException when there is one of another origin
     */
    public ClipCache(Path folder, Map<String, String> origin) {
        this.folder = folder;
        Path file = folder.resolve("cache.json");
        try {
            byte[] text = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(origin);
            if (!Files.exists(file)) {
                Files.createDirectories(folder);
                WholeFile.write(file, text);
            } else if (!JSON.readTree(file.toFile()).equals(JSON.readTree(text))) {
                throw new Impossible.ClipsOtherwise(folder).asException();
            }
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    /** Latents of clips of one shape, with their captions. */
    public final class Clips {
        private final RowFile latents;
        private final Optional<RowFile> first;
        private final Path captions;
        private long count;

        private Clips(ClipShape shape, long latentNumbers, long firstNumbers) {
            String name = "%dx%dx%d".formatted(shape.frames(), shape.height(), shape.width());
            latents = new RowFile(folder.resolve(name + ".latents"), latentNumbers * Short.BYTES);
            first =
                    firstNumbers == 0
                            ? Optional.empty()
                            : Optional.of(
                                    new RowFile(
                                            folder.resolve(name + ".first"),
                                            firstNumbers * Short.BYTES));
            captions = folder.resolve(name + ".captions");
            List<String> lines = lines();
            boolean cut = !lines.isEmpty() && !lines.getLast().endsWith("\"");
            count = Math.min(cut ? lines.size() - 1 : lines.size(), latents.rows());
            count = Math.min(count, first.map(RowFile::rows).orElse(count));
            if (count < lines.size()) {
                keep(count);
            }
        }

        /** Forgets the clips after so many. */
        public void keep(long clips) {
            write(captions, lines().subList(0, (int) clips), StandardOpenOption.TRUNCATE_EXISTING);
            count = clips;
        }

        /** How many there are. */
        public long count() {
            return count;
        }

        /** Whether the first frames that clips are given are kept beside them. */
        public boolean haveFirst() {
            return first.isPresent();
        }

        /**
         * Adds clips at the end.
         *
         * @param numbers fp16, of all clips
         * @param firstNumbers fp16, of all first pictures where those are kept
         */
        public void add(List<String> texts, ByteBuffer numbers, Optional<ByteBuffer> firstNumbers) {
            write(captions, texts.stream().map(Clips::line).toList(), StandardOpenOption.APPEND);
            latents.write(count, numbers);
            first.ifPresent(file -> file.write(count, firstNumbers.orElseThrow()));
            count += texts.size();
        }

        /** All captions. */
        public List<String> captions() {
            List<String> texts = new ArrayList<>();
            for (String line : lines()) {
                try {
                    texts.add(JSON.readValue(line, String.class));
                } catch (JsonProcessingException e) {
                    throw new Problem.CheckpointDamaged(captions, "a line is no text")
                            .asException(e);
                }
            }
            return texts;
        }

        private List<String> lines() {
            if (!Files.exists(captions)) {
                return List.of();
            }
            try {
                return Files.readAllLines(captions);
            } catch (IOException e) {
                throw Problem.FileInaccessible.of(captions, e).asException(e);
            }
        }

        private static String line(String text) {
            try {
                return JSON.writeValueAsString(text);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void write(Path file, List<String> lines, StandardOpenOption how) {
            String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
            try {
                Files.writeString(
                        file,
                        text,
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        how);
            } catch (IOException e) {
                throw Problem.FileInaccessible.of(file, e).asException(e);
            }
        }
    }

    /** States of distinct captions. */
    public final class Words {
        private final RowFile states;
        private final RowFile lengths;
        private long count;

        private Words(int words, int channels) {
            states =
                    new RowFile(
                            folder.resolve("words.states"), (long) words * channels * Short.BYTES);
            lengths = new RowFile(folder.resolve("words.lengths"), Integer.BYTES);
            count = Math.min(states.rows(), lengths.rows());
        }

        /** How many captions there are. */
        public long count() {
            return count;
        }

        /** Forgets the captions after so many. */
        public void keep(long captions) {
            count = captions;
        }

        /**
         * Adds captions at the end.
         *
         * @param numbers fp16, of all captions
         */
        public void add(List<Integer> used, ByteBuffer numbers) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(used.size() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            used.forEach(bytes::putInt);
            lengths.write(count, bytes.flip());
            states.write(count, numbers);
            count += used.size();
        }
    }

    /**
     * The clips of a shape.
     *
     * @param latentNumbers numbers in the latents of one
     * @param firstNumbers numbers in those of its first picture; 0 where these are not kept
     */
    public Clips clips(ClipShape shape, long latentNumbers, long firstNumbers) {
        return new Clips(shape, latentNumbers, firstNumbers);
    }

    /**
     * The distinct captions.
     *
     * @param words L
     * @param channels D
     */
    public Words words(int words, int channels) {
        return new Words(words, channels);
    }

    /**
     * Where each distinct caption is among them. The clips of all shapes are looked at in turn, as
     * they are drawn, so that more clips leave the captions of those before in their places.
     */
    public static Map<String, Integer> places(List<Clips> clips) {
        Map<String, Integer> places = new LinkedHashMap<>();
        places.put("", 0);
        List<List<String>> captions = clips.stream().map(Clips::captions).toList();
        int most = captions.stream().mapToInt(List::size).max().orElse(0);
        for (int clip = 0; clip < most; clip++) {
            for (List<String> some : captions) {
                if (clip < some.size()) {
                    places.putIfAbsent(some.get(clip), places.size());
                }
            }
        }
        return places;
    }

    /** The cache as batches are read from it, until it is closed. */
    public static final class Reading implements AutoCloseable {
        private static final ValueLayout.OfShort HALF =
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

        private final Arena arena = Arena.ofShared();
        private final List<Clips> clips;
        private final List<MemorySegment> latents;
        private final List<Optional<MemorySegment>> first;
        private final List<int[]> captions = new ArrayList<>();
        private final long[] latentBytes;
        private final long stateBytes;
        private final MemorySegment states;
        private final int[] lengths;

        /**
         * @param words null for models without texts
         */
        public Reading(List<Clips> clips, @Nullable Words words) {
            this.clips = List.copyOf(clips);
            latents = clips.stream().map(some -> some.latents.map(arena)).toList();
            first = clips.stream().map(some -> some.first.map(file -> file.map(arena))).toList();
            latentBytes = clips.stream().mapToLong(some -> some.latents.rowBytes()).toArray();
            Map<String, Integer> places = places(clips);
            for (Clips some : clips) {
                captions.add(some.captions().stream().mapToInt(places::get).toArray());
            }
            stateBytes = words == null ? 0 : words.states.rowBytes();
            states = words == null ? MemorySegment.NULL : words.states.map(arena);
            lengths =
                    words == null
                            ? new int[0]
                            : words.lengths
                                    .map(arena)
                                    .toArray(
                                            ValueLayout.JAVA_INT_UNALIGNED.withOrder(
                                                    ByteOrder.LITTLE_ENDIAN));
        }

        /** Clips of a shape, by its place among those given. */
        int count(int shape) {
            return (int) clips.get(shape).count;
        }

        /** Appends a clip's latents. */
        void latents(int shape, int clip, ByteBuffer to) {
            copy(latents.get(shape), clip, latentBytes[shape], to);
        }

        /** Whether clips of a shape can be given their first frame. */
        boolean haveFirst(int shape) {
            return first.get(shape).isPresent();
        }

        /**
         * Appends a clip's latents, the first frame being that of its first picture, held still.
         */
        void latentsFromFirst(int shape, int clip, int channels, ByteBuffer to) {
            MemorySegment pictures = first.get(shape).orElseThrow();
            long plane = clips.get(shape).first.orElseThrow().rowBytes() / channels;
            long each = latentBytes[shape] / channels;
            for (int c = 0; c < channels; c++) {
                copy(pictures, (long) clip * channels + c, plane, to);
                long rest = clip * latentBytes[shape] + c * each + plane;
                to.put(latents.get(shape).asSlice(rest, each - plane).asByteBuffer());
            }
        }

        /** A clip's caption, by its place among the distinct ones. */
        int caption(int shape, int clip) {
            return captions.get(shape)[clip];
        }

        /** Appends the states of a caption's words. */
        void states(int caption, ByteBuffer to) {
            copy(states, caption, stateBytes, to);
        }

        /** How many words a caption has. */
        int length(int caption) {
            return lengths[caption];
        }

        private static void copy(MemorySegment from, long row, long bytes, ByteBuffer to) {
            to.put(from.asSlice(row * bytes, bytes).asByteBuffer());
        }

        /** Mean and standard deviation of each channel over some of the clips, evenly chosen. */
        public Spread spread(int channels, int most) {
            double[] sum = new double[channels];
            double[] squares = new double[channels];
            long numbers = 0;
            for (int shape = 0; shape < clips.size(); shape++) {
                int count = count(shape);
                int stride = Math.max(1, Math.ceilDiv(count * clips.size(), most));
                int each = (int) (latentBytes[shape] / Short.BYTES / channels);
                for (int clip = 0; clip < count; clip += stride) {
                    MemorySegment row =
                            latents.get(shape)
                                    .asSlice(clip * latentBytes[shape], latentBytes[shape]);
                    numbers += each;
                    for (int c = 0; c < channels; c++) {
                        for (int i = 0; i < each; i++) {
                            double x = Float.float16ToFloat(row.get(HALF, 2L * (c * each + i)));
                            sum[c] += x;
                            squares[c] += x * x;
                        }
                    }
                }
            }
            List<Double> mean = new ArrayList<>();
            List<Double> deviation = new ArrayList<>();
            for (int c = 0; c < channels; c++) {
                double m = sum[c] / numbers;
                mean.add(m);
                deviation.add(Math.sqrt(Math.max(squares[c] / numbers - m * m, 1e-12)));
            }
            return new Spread(mean, deviation);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /** Mean and standard deviation of each channel. */
    public record Spread(List<Double> mean, List<Double> deviation) {
        public Spread {
            mean = List.copyOf(mean);
            deviation = List.copyOf(deviation);
        }
    }
}
