package dev.zoetrope.app.generate;

import dev.zoetrope.app.files.Results;
import dev.zoetrope.runtime.generation.GenerationRequest;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A job of the queue that is asked for something else.
 *
 * @param request what it was asked for until now
 */
public record Editing(String job, GenerationRequest request) {
    /**
     * The request with what the page has in place of what it had; what the page does not show
     * stays, and so does the name of the clip when a person gave it.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when there is no place for the clip
     */
    GenerationRequest changedTo(GenerationRequest page) {
        return new GenerationRequest(
                page.prompt(),
                page.negative(),
                page.image(),
                page.model(),
                page.aspect(),
                page.resolution(),
                page.length(),
                request.fps(),
                page.steps(),
                page.guidance(),
                page.sampler(),
                page.seed(),
                output(page),
                request.precision(),
                request.metadata());
    }

    private Path output(GenerationRequest page) {
        Path output = request.output();
        String name = ClipName.of(request);
        boolean named = !String.valueOf(output.getFileName()).startsWith(name);
        if (named || ClipName.of(page).equals(name)) {
            return output;
        }
        return Optional.ofNullable(output.getParent())
                .map(folder -> new Results(folder).free(ClipName.of(page)))
                .orElse(output);
    }
}
