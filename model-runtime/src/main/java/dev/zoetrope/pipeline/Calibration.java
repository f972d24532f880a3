package dev.zoetrope.pipeline;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.estimate.CalibrationEvent;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.Prompting;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobQueue;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Small clips of a model, made for what they take: of different sizes, lengths and steps, so that
 * what each of these costs can be told apart, and many steps of next to nothing, which cost what a
 * step does whatever its size. They begin with the smallest; one that would not end within the
 * time, or fit the free memory, is left out.
 */
final class Calibration implements JobQueue.Work<CalibrationEvent> {
    private static final Duration AT_MOST = Duration.ofMinutes(1);

    /** Clips after which the virtual machine has compiled and the system read what they use. */
    private static final int UNMEASURED = 3;

    /**
     * A clip.
     *
     * @param size of its sides, as a part of the trained ones
     * @param length as a part of the trained one
     */
    private record Trial(double size, double length, int steps, boolean guided) {}

    private static final List<Trial> TRIALS =
            List.of(
                    new Trial(0.5, 0.1, 4, false),
                    new Trial(0.5, 0.5, 4, true),
                    new Trial(0.5, 1, 8, false),
                    new Trial(1, 0.1, 6, true),
                    new Trial(1, 0.5, 4, false),
                    new Trial(0.5, 0.25, 24, true),
                    new Trial(0.75, 0.5, 32, false),
                    new Trial(1, 1, 4, true),
                    new Trial(0.75, 1, 16, true),
                    new Trial(1.5, 1, 4, false),
                    new Trial(1, 2, 12, false),
                    new Trial(1.5, 2, 6, true));

    private final CalibrationRequest request;
    private final UserFolders folders;

    Calibration(CalibrationRequest request, UserFolders folders) {
        this.request = request;
        this.folders = folders;
    }

    @Override
    public void run(JobListener<CalibrationEvent> listener, Cancellation stop) throws Exception {
        Files.createDirectories(folders.cache());
        Path scratch = Files.createTempDirectory(folders.cache(), "calibration-");
        try {
            // Its own cache, so that prompts are encoded and none of the user's is forgotten.
            UserFolders here =
                    new UserFolders(folders.data(), folders.settings(), scratch, scratch);
            try (Workshop workshop = new Workshop(here)) {
                new Clips(here, workshop, listener, stop).make();
            }
        } finally {
            MoreFiles.deleteRecursively(scratch, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private final class Clips {
        private final UserFolders here;
        private final Workshop workshop;
        private final JobListener<CalibrationEvent> listener;
        private final Cancellation stop;
        private final ModelAbilities abilities;
        private final long start = System.nanoTime();
        private int made;

        Clips(
                UserFolders here,
                Workshop workshop,
                JobListener<CalibrationEvent> listener,
                Cancellation stop) {
            this.here = here;
            this.workshop = workshop;
            this.listener = listener;
            this.stop = stop;
            this.abilities = workshop.abilities(request.model());
        }

        void make() throws Exception {
            GenerationRequest first = clip(TRIALS.getFirst());
            if (!request.awaited() && !fits(first)) {
                return;
            }
            for (int i = 0; i < UNMEASURED && (i == 0 || fits(first)); i++) {
                stop.check();
                make(workshop.untimedGeneration(first, Optional.empty(), job()));
            }
            for (Trial trial : TRIALS) {
                stop.check();
                GenerationRequest clip = clip(trial);
                if (made == 0 || fits(clip)) {
                    make(workshop.generation(clip, Optional.empty(), job()));
                    made++;
                    listener.onEvent(new CalibrationEvent(made, TRIALS.size()));
                }
            }
        }

        private Path job() throws IOException {
            return Files.createTempDirectory(here.cache(), "job-");
        }

        private void make(JobQueue.Work<GenerationEvent> clip) throws Exception {
            try {
                clip.run(_ -> {}, stop); // Nobody sees these clips.
            } catch (ProblemException e) {
                // So few steps may well leave nothing to be seen, and the larger ones need not fit.
                if (!(e.problem() instanceof Problem.ClipFaulty
                        || e.problem() instanceof Problem.OutOfMemory)) {
                    throw e;
                }
            }
        }

        private boolean fits(GenerationRequest clip) {
            Estimate foretold = workshop.estimate(clip);
            double spent = (System.nanoTime() - start) / 1e9;
            return spent + foretold.seconds().middle() <= AT_MOST.toSeconds()
                    && foretold.warnings().isEmpty();
        }

        private GenerationRequest clip(Trial trial) {
            int side = Math.min(abilities.width(), abilities.height());
            int frames = (int) Math.max(1, Math.round(abilities.frames() * trial.length));
            // Another prompt for each, but for the first, which is the one of the unmeasured clips:
            // that the states of a prompt are there already is measured once.
            String prompt =
                    switch (abilities.prompting()) {
                        case Prompting.Nothing _ -> "";
                        case Prompting.ByClass _ -> "0";
                        case Prompting.ByText _ -> "clip number " + made;
                    };
            return new GenerationRequest(
                    prompt,
                    "",
                    Optional.empty(),
                    request.model(),
                    Optional.empty(),
                    OptionalInt.of((int) Math.max(1, Math.round(side * trial.size))),
                    Optional.of(new ClipLength.Frames(frames)),
                    OptionalDouble.empty(),
                    OptionalInt.of(trial.steps),
                    prompt.isEmpty()
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(trial.guided ? 2 : 1),
                    Optional.empty(),
                    made,
                    here.results().resolve("clip-%d.mp4".formatted(made)),
                    request.precision(),
                    true);
        }
    }
}
