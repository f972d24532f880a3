package dev.zoetrope.cli;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameRange;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.recipe.Circumstances;
import dev.zoetrope.runtime.recipe.Recipe;
import dev.zoetrope.runtime.reconstruction.FrameComparison;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code zoetrope verify}. */
@Command(
        name = "verify",
        description =
                "Make a clip again and say whether it comes out equal; exit status 1 when it does"
                        + " not.")
final class VerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CLIP", description = "A clip that Zoetrope made.")
    private Path clip;

    @Option(names = "--json", description = "JSON instead of text.")
    private boolean json;

    VerifyCommand() {}

    /**
     * How far two clips are from each other.
     *
     * @param frames of the longer one
     * @param differing frames of which a value differs, or that only one of them has
     * @param psnr of the mean squared error over the frames of both, dB; infinite for equal ones
     * @param largest difference of a value, of 255
     */
    private record Difference(long frames, long differing, double psnr, int largest) {
        String text() {
            String many = "%d of %d frames differ".formatted(differing, frames);
            return largest == 0
                    ? many + "; one clip is longer."
                    : "%s, PSNR %.2f dB, by at most %d of 255.".formatted(many, psnr, largest);
        }
    }

    /**
     * What {@code --json} prints.
     *
     * @param causes what was otherwise when the clip was made, a sentence each
     */
    private record Verdict(
            String clip, boolean equal, Optional<Difference> difference, List<String> causes) {}

    @Override
    public Integer call() throws InterruptedException, IOException {
        UserFolders folders = UserFolders.ofThisSystem();
        try (ModelRuntime runtime = LocalRuntime.open(folders)) {
            Recipe recipe = runtime.recipe(clip).orElseThrow(this::unknown);
            Files.createDirectories(folders.cache());
            Path folder = Files.createTempDirectory(folders.cache(), "verify-");
            try {
                // Under its own name, so that it is written as the clip was.
                Path again =
                        folder.resolve(
                                String.valueOf(clip.toAbsolutePath().normalize().getFileName()));
                int exit = make(recipe, again, runtime);
                return exit == 0 ? judge(recipe, again, runtime) : exit;
            } finally {
                MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
            }
        }
    }

    private RuntimeException unknown() {
        return new Problem.ImpossibleRequest(
                        clip + " does not say how it was made.",
                        "Clips that Zoetrope makes do, unless it is told --no-metadata or another"
                                + " program has written them anew.")
                .asException();
    }

    private RuntimeException excerpt(FrameRange frames) {
        return new Problem.ImpossibleRequest(
                        "%s is frames %d to %d of a clip, written anew, and not what was made."
                                .formatted(clip, frames.first() + 1, frames.last() + 1),
                        "Verify the clip that they were taken from.")
                .asException();
    }

    private int make(Recipe recipe, Path again, ModelRuntime runtime) throws InterruptedException {
        if (recipe instanceof Recipe.Excerpt(_, var frames)) {
            throw excerpt(frames);
        }
        Recipe made = recipe.made();
        String unit = made instanceof Recipe.Generated ? "steps" : "frames";
        Making making = new Making(new Progress(!json, unit));
        Job job =
                switch (made) {
                    case Recipe.Generated(var request, _, _) ->
                            runtime.generate(
                                    request.withOutput(again), Optional.empty(), making::ofModel);
                    case Recipe.Reconstructed(var request, _) ->
                            runtime.reconstruct(
                                    request.sideBySide().isEmpty()
                                            ? request.withOutputs(again, Optional.empty())
                                            : request.withOutputs(
                                                    again.resolveSibling(
                                                            request.output().getFileName()),
                                                    Optional.of(again)),
                                    making::ofCodec);
                    case Recipe.Reencoded _, Recipe.Excerpt _ ->
                            throw new IllegalStateException(made.toString());
                };
        int exit = new Foreground(10).await(job);
        making.progress.close();
        return exit;
    }

    private int judge(Recipe recipe, Path again, ModelRuntime runtime) {
        Recipe now = runtime.recipe(again).orElseThrow(this::unknown);
        Optional<Difference> difference = difference(again);
        boolean equal = difference.isPresent() && difference.get().differing == 0;
        List<String> causes = equal ? List.of() : causes(recipe, now);
        if (json) {
            Json.print(new Verdict(clip.toString(), equal, difference, causes));
        } else {
            print(equal, difference, causes);
        }
        return equal ? 0 : Zoetrope.PROBLEM;
    }

    /** Empty for clips of different sizes. */
    private Optional<Difference> difference(Path again) {
        try (FrameReader before = FrameReader.open(clip);
                FrameReader after = FrameReader.open(again)) {
            if (before.info().width() != after.info().width()
                    || before.info().height() != after.info().height()) {
                return Optional.empty();
            }
            long frames = 0;
            long differing = 0;
            long common = 0;
            double squaredError = 0;
            int largest = 0;
            Frame x = before.read();
            Frame y = after.read();
            while (x != null || y != null) {
                frames++;
                if (x == null || y == null) {
                    differing++;
                } else {
                    common++;
                    if (!x.rgb().equals(y.rgb())) {
                        differing++;
                        squaredError +=
                                FrameComparison.meanSquaredError(
                                        FrameComparison.compare(x, y).psnr());
                        largest = Math.max(largest, FrameComparison.largestDifference(x, y));
                    }
                }
                x = before.read();
                y = after.read();
            }
            return Optional.of(
                    new Difference(
                            frames,
                            differing,
                            FrameComparison.psnr(squaredError / common),
                            largest));
        }
    }

    private static List<String> causes(Recipe before, Recipe now) {
        List<String> causes = new ArrayList<>();
        if (before instanceof Recipe.Reencoded(_, var from)) {
            causes.add(
                    "It was encoded again, from %s, and what that had lost is lost in it, too."
                            .formatted(String.join(", and that from ", from.reversed())));
        }
        Circumstances then = before.circumstances();
        Circumstances here = now.circumstances();
        add(causes, "Zoetrope's version", then.version(), here.version());
        add(causes, "The model's fingerprint", then.fingerprint(), here.fingerprint());
        add(causes, "The precision", then.precision(), here.precision());
        add(causes, "The device", then.device(), here.device());
        if (before.made() instanceof Recipe.Generated(_, _, var wanted)
                && now instanceof Recipe.Generated(_, _, var got)) {
            add(
                    causes,
                    "The size",
                    "%d x %d".formatted(wanted.width(), wanted.height()),
                    "%d x %d".formatted(got.width(), got.height()));
            add(causes, "The number of frames", wanted.frames(), got.frames());
            add(causes, "The frame rate", wanted.fps(), got.fps());
            add(causes, "The sampler", wanted.sampler(), got.sampler());
            add(causes, "The number of steps", wanted.steps(), got.steps());
            add(causes, "The guidance", wanted.guidance(), got.guidance());
        }
        if (causes.isEmpty()) {
            causes.add(
                    "Nothing that the clip remembers has changed: the clip itself was changed after"
                            + " it was made, or what it was made from.");
        }
        return causes;
    }

    private static void add(List<String> causes, String what, Object then, Object now) {
        if (!then.equals(now)) {
            causes.add("%s was %s and is %s.".formatted(what, then, now));
        }
    }

    private void print(boolean equal, Optional<Difference> difference, List<String> causes) {
        if (equal) {
            System.out.printf(
                    "%s comes out bit-equal, all %d frames.%n",
                    clip, difference.orElseThrow().frames);
            return;
        }
        System.out.println(
                difference
                        .map(d -> clip + " comes out otherwise: " + d.text())
                        .orElse(clip + " comes out in another size."));
        causes.forEach(System.out::println);
    }

    /** Shows how far the second making is. */
    private static final class Making {
        private final Progress progress;
        private long expected;

        Making(Progress progress) {
            this.progress = progress;
        }

        void ofModel(GenerationEvent event) {
            if (event instanceof GenerationEvent.Stepped(int step, int steps, _)) {
                progress.show(step, steps, "");
            }
        }

        void ofCodec(ReconstructionEvent event) {
            if (event instanceof ReconstructionEvent.Began began) {
                expected = began.frames();
            } else if (event instanceof ReconstructionEvent.Compared compared) {
                long done = compared.index() + 1;
                progress.show(done, Math.max(expected, done), "");
            }
        }
    }
}
