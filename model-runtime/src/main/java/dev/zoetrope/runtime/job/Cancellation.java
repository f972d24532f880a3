package dev.zoetrope.runtime.job;

/**
 * Flags that long work asks between steps. Never {@link Thread#interrupt}: an interrupt closes file
 * channels and does not stop a native kernel.
 */
public final class Cancellation {
    private volatile boolean requested;
    private volatile boolean early;

    /** Asks the work to stop at its next check. */
    public void request() {
        requested = true;
    }

    public boolean isRequested() {
        return requested;
    }

    /** Asks work that is done in steps to make the best of those it has taken, and to end so. */
    public void finishEarly() {
        early = true;
    }

    public boolean isFinishingEarly() {
        return early;
    }

    /**
     * Called by the work between steps.
     *
     * @throws CancelledException when cancellation was requested
     */
    public void check() {
        if (requested) {
            throw new CancelledException();
        }
    }
}
