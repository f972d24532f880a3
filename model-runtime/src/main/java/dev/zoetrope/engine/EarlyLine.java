package dev.zoetrope.engine;

import dev.zoetrope.engine.EngineLink.Line;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The line to the user's own engine, opened while a process still finds out what to say. It starts
 * no engine and replaces none, and the first client of that engine takes it.
 */
public final class EarlyLine implements AutoCloseable {
    private static final AtomicReference<@Nullable EarlyLine> UNTAKEN = new AtomicReference<>();

    private final Path data;
    private final CompletableFuture<Optional<Line>> line = new CompletableFuture<>();

    private EarlyLine(Path data) {
        this.data = data;
    }

    /** Opens it, on a thread of its own. */
    public static EarlyLine open(UserFolders folders) {
        EarlyLine early = new EarlyLine(folders.data());
        UNTAKEN.set(early);
        Thread.ofPlatform().daemon().name("early-line").start(early::prepare);
        return early;
    }

    private void prepare() {
        line.complete(found());
        PlainJson.prepare(QueuedJob.class);
    }

    private Optional<Line> found() {
        try {
            return EngineAddress.read(data).flatMap(at -> EngineLink.open(at, _ -> {}));
        } catch (ProblemException _) {
            return Optional.empty(); // whoever asks something of the engine is told
        }
    }

    /** That to the engine of a folder, for who asks first. */
    static Optional<Line> to(Path data) {
        EarlyLine early = UNTAKEN.get();
        return early != null && early.data.equals(data) && UNTAKEN.compareAndSet(early, null)
                ? early.line.join()
                : Optional.empty();
    }

    /** Ends the line if nobody has asked for it. */
    @Override
    public void close() {
        if (UNTAKEN.compareAndSet(this, null)) {
            var _ = line.thenAccept(open -> open.ifPresent(Line::end));
        }
    }
}
