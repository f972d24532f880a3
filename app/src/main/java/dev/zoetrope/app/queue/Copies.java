package dev.zoetrope.app.queue;

import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The same work again, into files that nobody has or is about to write. */
final class Copies {
    private final Set<Path> taken;

    /**
     * @param taken what the jobs of the queue write; what the copies write comes to it
     */
    Copies(Set<Path> taken) {
        this.taken = taken;
    }

    JobRequest of(JobRequest request) {
        return switch (request) {
            case GenerationRequest r -> r.withOutput(free(r.output()));
            case ReconstructionRequest r ->
                    r.withOutputs(free(r.output()), r.sideBySide().map(this::free));
            default -> request;
        };
    }

    private Path free(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        int end = dot > 0 ? dot : name.length();
        Path copy = file;
        for (int i = 2; Files.exists(copy) || !taken.add(copy); i++) {
            copy = file.resolveSibling(name.substring(0, end) + " " + i + name.substring(end));
        }
        return copy;
    }
}
