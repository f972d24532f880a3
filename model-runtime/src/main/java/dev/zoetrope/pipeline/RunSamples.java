package dev.zoetrope.pipeline;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.prompt.Tokenizers;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.train.RunFolder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Clips of a few prompts by the model of a run as it is, and a sheet of them. */
final class RunSamples {
    private final DenoiserTrainingRequest request;
    private final List<String> prompts;
    private final PromptCache cache;
    private final Cancellation stop;

    /**
     * @param prompts of a clip each
     */
    RunSamples(
            DenoiserTrainingRequest request,
            List<String> prompts,
            PromptCache cache,
            Cancellation stop) {
        this.request = request;
        this.prompts = List.copyOf(prompts);
        this.cache = cache;
        this.stop = stop;
    }

    /** Makes them; there is no sheet where no clip shows anything yet. */
    Optional<Path> make(long step) {
        RunFolder folder = RunFolder.open(request.run());
        List<byte[]> clips = new ArrayList<>();
        ClipShape shape = request.shapes().getFirst();
        try (Tokenizers tokenizers = new Tokenizers()) {
            for (int i = 0; i < prompts.size(); i++) {
                Path clip = folder.samples(step, "-" + i + ".mp4");
                List<Frame> frames = frames(prompts.get(i), i, clip, tokenizers);
                if (!frames.isEmpty()) {
                    clips.add(bytes(frames));
                    shape =
                            new ClipShape(
                                    frames.size(),
                                    frames.getFirst().height(),
                                    frames.getFirst().width());
                }
            }
        }
        return clips.isEmpty()
                ? Optional.empty()
                : Optional.of(folder.saveSheet(step, shape, clips));
    }

    private List<Frame> frames(String prompt, int seed, Path clip, Tokenizers tokenizers) {
        List<Frame> frames = new ArrayList<>();
        GenerationPipeline pipeline =
                new GenerationPipeline(
                        GenerationPlanner.prepare(
                                generation(prompt, seed, clip),
                                GenerationModel.open(request.run()),
                                tokenizers),
                        cache,
                        JobFolder.none(),
                        Optional.empty(),
                        Kernels.inference(),
                        event -> {
                            if (event instanceof GenerationEvent.Decoded decoded) {
                                frames.add(decoded.frame());
                            }
                        },
                        stop);
        try {
            pipeline.run();
            return frames;
        } catch (ProblemException e) {
            if (!(e.problem() instanceof Problem.ClipFaulty faulty)) {
                throw e;
            }
            // Nothing to see is what a young model makes.
            delete(faulty.latents());
            return List.of();
        }
    }

    private GenerationRequest generation(String prompt, int seed, Path clip) {
        return GenerationRequest.usual(
                prompt, request.run().toString(), seed, clip, Optional.of(request.precision()));
    }

    private static byte[] bytes(List<Frame> frames) {
        int each = frames.getFirst().rgb().remaining();
        ByteBuffer all = ByteBuffer.allocate(frames.size() * each);
        frames.forEach(frame -> all.put(frame.rgb()));
        return all.array();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }
}
