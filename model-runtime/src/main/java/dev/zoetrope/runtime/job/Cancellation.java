package dev.zoetrope.runtime.job;

/**
 * A flag that long work asks between steps. Never {@link Thread#interrupt}: an interrupt closes
 * file channels and does not stop a native kernel.
 */
public final class Cancellation {
    private volatile boolean requested;

    /** Asks the work to stop at its next check. */
    public void request() {
        requested = true;
    }

    public boolean isRequested() {
        return requested;
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
