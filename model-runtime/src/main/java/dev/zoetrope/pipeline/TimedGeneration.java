package dev.zoetrope.pipeline;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.device.ResidentMemory;
import dev.zoetrope.runtime.estimate.Observation;
import dev.zoetrope.runtime.estimate.Work;
import dev.zoetrope.runtime.estimate.Workload;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.GenerationSummary;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Passes on what a generation tells, and when it has made its clip as planned, keeps what that took
 * for later estimates.
 */
final class TimedGeneration implements JobListener<GenerationEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(TimedGeneration.class);

    private final GenerationRequest request;
    private final UserFolders folders;
    private final JobListener<? super GenerationEvent> told;
    private final ResidentMemory memory = ResidentMemory.ofThisProcess();
    private @Nullable Workload load;
    private boolean adjusted;
    private long peakBefore;

    /**
     * @param folders that the generation uses: where it keeps prompts, and where times are kept
     * @param told whatever the generation tells
     */
    TimedGeneration(
            GenerationRequest request,
            UserFolders folders,
            JobListener<? super GenerationEvent> told) {
        this.request = request;
        this.folders = folders;
        this.told = told;
    }

    @Override
    public void onEvent(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Planned _ -> begin();
            case GenerationEvent.Adjusted _ -> adjusted = true;
            case GenerationEvent.Stepped _, GenerationEvent.Decoded _ -> {}
            case GenerationEvent.Saved(_, GenerationSummary summary) -> keep(summary);
        }
        told.onEvent(event);
    }

    /** Before the work, which leaves prompts in the cache that are now to be encoded. */
    private void begin() {
        try {
            GenerationModel model =
                    GenerationModel.open(
                            new CheckpointStore(folders.models()).find(request.model()));
            load =
                    GenerationWork.of(
                            GenerationPlanner.prepare(request, model),
                            model,
                            new PromptCache(folders.prompts()),
                            request.output());
        } catch (ProblemException e) {
            LOG.debug("the work of {} cannot be counted", request, e);
        }
        memory.resetPeak();
        peakBefore = memory.peakMiB().orElse(0);
    }

    private void keep(GenerationSummary summary) {
        // Not what went on from where another process had come to, ended early, or ran out of
        // memory.
        if (load == null || adjusted) {
            return;
        }
        List<Duration> times = List.of(summary.encoding(), summary.sampling(), summary.decoding());
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            add(observations, load.phases().get(i), times.get(i).toNanos() / 1e9);
        }
        // Else it is that of a job before, where the system does not forget it.
        long peak = memory.peakMiB().orElse(0);
        if (peak > peakBefore) {
            add(observations, load.memory(), peak * 0x1p20);
        }
        add(observations, load.file(), size(request.output()));
        new Timings(folders.timings()).add(observations);
    }

    private void add(List<Observation> observations, Work work, double cost) {
        if (load != null && cost > 0) {
            observations.add(
                    new Observation(System.currentTimeMillis(), load.machine(), work, cost));
        }
    }

    private static double size(Path output) {
        try (Stream<Path> all = Files.walk(output)) {
            return all.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
