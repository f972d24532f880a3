package dev.zoetrope.runtime.job;

/** Unwinds work whose {@link Cancellation} was requested. */
public final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CancelledException() {
        super("cancelled", null, false, false);
    }
}
