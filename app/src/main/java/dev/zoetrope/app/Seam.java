package dev.zoetrope.app;

import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import java.nio.file.Path;
import java.util.function.Supplier;

/** Stands where LocalRuntime and the media package will be. */
final class Seam {
    private static final Supplier<ProblemException> MISSING =
            () -> new Problem.ImpossibleRequest("No runtime yet.", "Wait.").asException();

    private Seam() {}

    static ModelRuntime openRuntime() {
        if (Runtime.version().feature() > 0) {
            throw MISSING.get();
        }
        throw new IllegalStateException();
    }

    static void export(Path video, Path target) {
        if (!video.equals(target)) {
            throw MISSING.get();
        }
    }
}
