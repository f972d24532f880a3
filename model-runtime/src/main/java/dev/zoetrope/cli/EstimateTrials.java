package dev.zoetrope.cli;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;

import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.device.Processor;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.estimate.Range;
import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.Prompting;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * How good estimates are: different clips of a model are estimated, all of them before the first is
 * made, and then made.
 */
final class EstimateTrials {
    private static final List<Double> SIZES = List.of(0.5, 0.75, 1.0, 1.25, 1.5);
    private static final List<Double> LENGTHS = List.of(0.25, 0.5, 1.0, 1.5, 2.0);
    private static final List<Integer> STEPS = List.of(6, 10, 16, 24, 40);
    private static final List<AspectRatio> ASPECTS =
            List.of(AspectRatio.parse("1:1"), AspectRatio.parse("16:9"), AspectRatio.parse("3:4"));

    private final ModelRuntime runtime;
    private final GenerationRequest base;
    private final boolean json;
    private final ModelAbilities abilities;
    private final SplittableRandom random = new SplittableRandom(1);

    /**
     * @param base whose model and precision are taken
     */
    EstimateTrials(
            ModelRuntime runtime, UserFolders folders, GenerationRequest base, boolean json) {
        this.runtime = runtime;
        this.base = base;
        this.json = json;
        this.abilities =
                runtime.inspect(new CheckpointStore(folders.models()).find(base.model()))
                        .abilities()
                        .orElseThrow();
    }

    /**
     * A clip.
     *
     * @param seconds from the start of the work to the clip at its place
     * @param inside whether that is in the range
     */
    private record Trial(
            int width,
            int height,
            int frames,
            int steps,
            String sampler,
            double guidance,
            Range range,
            double seconds,
            boolean inside) {}

    private record Result(
            String processor, String model, List<Trial> trials, int inside, double widest) {}

    /** The exit code. */
    int run(int count) throws InterruptedException, IOException {
        Path folder = Files.createTempDirectory("zoetrope");
        try {
            List<GenerationRequest> requests = new ArrayList<>();
            List<Estimate> estimates = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                requests.add(request(folder, i));
                estimates.add(runtime.estimate(requests.get(i)));
            }
            Progress progress = new Progress(!json, "clips");
            List<Trial> trials = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                double seconds = make(requests.get(i));
                trials.add(trial(requests.get(i), estimates.get(i).seconds(), seconds));
                progress.show(i + 1, count, "");
            }
            progress.close();
            report(trials);
            return 0;
        } finally {
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private GenerationRequest request(Path folder, int i) {
        String prompt =
                switch (abilities.prompting()) {
                    case Prompting.Nothing _ -> "";
                    case Prompting.ByClass(int classes, _) -> String.valueOf(i % classes);
                    case Prompting.ByText _ -> base.prompt() + " " + i;
                };
        int side = Math.min(abilities.width(), abilities.height());
        return new GenerationRequest(
                prompt,
                "",
                Optional.empty(),
                base.model(),
                Optional.of(one(ASPECTS)),
                OptionalInt.of((int) Math.round(side * one(SIZES))),
                Optional.of(
                        new ClipLength.Frames(
                                (int) Math.max(1, Math.round(abilities.frames() * one(LENGTHS))))),
                OptionalDouble.empty(),
                OptionalInt.of(one(STEPS)),
                prompt.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(random.nextBoolean() ? 1 : 3),
                Optional.of(one(abilities.samplers())),
                i,
                folder.resolve(i + ".mp4"),
                base.precision(),
                true);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** A clip that comes out faulty, as short runs may leave it, has taken its time as well. */
    private double make(GenerationRequest request) throws InterruptedException {
        Clock clock = new Clock();
        Job job = runtime.generate(request, Optional.empty(), clock);
        JobState end = job.end().join();
        if (end instanceof JobState.Failed(Problem problem)
                && !(problem instanceof Problem.ClipFaulty)) {
            throw problem.asException();
        }
        return (System.nanoTime() - clock.start) / 1e9;
    }

    /** Remembers when the work began. */
    private static final class Clock implements JobListener<GenerationEvent> {
        private volatile long start;

        @Override
        public void onEvent(GenerationEvent event) {}

        @Override
        public void onState(JobState state) {
            if (state instanceof JobState.Running) {
                start = System.nanoTime();
            }
        }
    }

    private Trial trial(GenerationRequest request, Range range, double seconds) {
        GenerationPlan plan = runtime.plan(request);
        return new Trial(
                plan.width(),
                plan.height(),
                plan.frames(),
                plan.steps(),
                plan.sampler(),
                plan.guidance(),
                range,
                seconds,
                range.contains(seconds));
    }

    private void report(List<Trial> trials) {
        int inside = (int) trials.stream().filter(Trial::inside).count();
        double widest =
                trials.stream()
                        .mapToDouble(one -> one.range.high() / one.range.middle() - 1)
                        .max()
                        .orElse(0);
        if (json) {
            Json.print(new Result(Processor.name(), base.model(), trials, inside, widest));
            return;
        }
        System.out.println(
                "     size  frames  steps  sampler       guidance      low     high  measured");
        for (Trial one : trials) {
            System.out.printf(
                    Locale.ROOT,
                    "%9s  %6d  %5d  %-12s  %8s  %7.1f  %7.1f  %8.1f  %s%n",
                    one.width + "x" + one.height,
                    one.frames,
                    one.steps,
                    one.sampler,
                    Numbers.plain(one.guidance),
                    one.range.low(),
                    one.range.high(),
                    one.seconds,
                    one.inside ? "inside" : "outside");
        }
        System.out.printf(
                Locale.ROOT,
                "%d of %d inside, ranges up to ±%.0f %%%n",
                inside,
                trials.size(),
                100 * widest);
    }
}
