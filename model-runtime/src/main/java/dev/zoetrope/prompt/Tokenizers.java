package dev.zoetrope.prompt;

import java.io.File;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tokenizers that are in use, kept open, since to read one takes far longer than to cut a
 * prompt. Any thread may use them.
 */
public final class Tokenizers implements AutoCloseable {
    /** One that is typed for, one of a job that runs meanwhile. */
    static final int MOST = 2;

    private record Opened(Set<FileState> files, PromptTokenizer tokenizer) {}

    /** By which it is seen that a file is another one now. */
    private record FileState(String name, long bytes, long modified) {}

    /** By their folders, the one used last at the end. */
    private final Map<Path, Opened> opened = new LinkedHashMap<>(MOST, 0.75f, true);

    /**
     * The tokens of a text, as {@link PromptTokenizer#encode} has them.
     *
     * @param folder of the tokenizer, which is opened unless it is open as it is there now
     * @param limit tokens of the result, {@code L}
     * @throws dev.zoetrope.runtime.problem.ProblemException as {@link PromptTokenizer#open}
     */
    public synchronized Tokens encode(Path folder, String text, int limit) {
        return tokenizer(folder).encode(text, limit);
    }

    private PromptTokenizer tokenizer(Path folder) {
        Set<FileState> files = files(folder);
        Opened before = opened.get(folder);
        if (before != null && before.files.equals(files)) {
            return before.tokenizer;
        }
        PromptTokenizer now = PromptTokenizer.open(folder);
        opened.put(folder, new Opened(files, now));
        if (before != null) {
            before.tokenizer.close();
        }
        if (opened.size() > MOST) {
            Iterator<Opened> all = opened.values().iterator();
            all.next().tokenizer.close();
            all.remove();
        }
        return now;
    }

    private static Set<FileState> files(Path folder) {
        File[] files = folder.toFile().listFiles();
        return files == null
                ? Set.of()
                : Stream.of(files)
                        .map(file ->
                                new FileState(file.getName(), file.length(), file.lastModified()))
                        .collect(Collectors.toSet());
    }

    /** Closes them; whoever goes on has to open them again. */
    @Override
    public synchronized void close() {
        opened.values().forEach(one -> one.tokenizer.close());
        opened.clear();
    }
}
