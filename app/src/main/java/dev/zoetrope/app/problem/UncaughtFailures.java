package dev.zoetrope.app.problem;

import dev.zoetrope.runtime.problem.Problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Consumer;

/** Defects that nothing else caught: logged with all details, and told to the person in short. */
public final class UncaughtFailures implements Thread.UncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(UncaughtFailures.class);

    private final Consumer<Problem> report;

    /**
     * A handler for every thread.
     *
     * @param report shows the problem; called on whichever thread failed
     */
    public UncaughtFailures(Consumer<Problem> report) {
        this.report = report;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        LOG.error("uncaught in thread {}", thread.getName(), failure);
        report.accept(new Problem.Unexpected(failure.toString()));
    }
}
