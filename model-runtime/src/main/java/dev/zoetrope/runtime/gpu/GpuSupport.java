package dev.zoetrope.runtime.gpu;

import dev.zoetrope.runtime.job.Cancellation;

import java.net.URI;
import java.util.function.Consumer;

/** What it takes to compute on this machine's GPU. Calls return when they are done. */
public interface GpuSupport {
    /** Asks the driver, which can take a second. */
    GpuState state();

    /**
     * Brings the libraries; goes on where an earlier try ended. Nothing is asked: whoever calls
     * this has the person's consent.
     *
     * @param repository of Maven, where they come from
     * @param listener hears of bytes that came
     * @throws dev.zoetrope.runtime.problem.ProblemException when they cannot be used here, there is
     *     too little disk, or the repository does not give what it should
     * @throws dev.zoetrope.runtime.job.CancelledException when cancellation was requested; what
     *     came is kept
     */
    void bring(URI repository, Consumer<LibraryProgress> listener, Cancellation stop);

    /**
     * Deletes them, and what came of them.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when they are in use where the system
     *     keeps such files, or are being brought
     */
    void remove();
}
