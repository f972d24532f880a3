package dev.zoetrope.app;

import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import java.nio.file.Path;

/** Stands where LocalRuntime and the media package will be. */
final class Seam {
    private Seam() {}

    static ModelRuntime openRuntime() {
        if (Runtime.version().feature() > 0) {
            throw missing();
        }
        throw new IllegalStateException();
    }

    static void export(Path video, Path target) {
        if (!video.equals(target)) {
            throw missing();
        }
    }

    private static ProblemException missing() {
        return new Problem.ImpossibleRequest("No runtime yet.", "Wait.").asException();
    }
}
