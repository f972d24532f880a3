package dev.zoetrope.pipeline;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.DeviceMemory;
import dev.zoetrope.runtime.device.OtherPrograms;
import dev.zoetrope.runtime.estimate.Workload;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.GenerationSummary;
import dev.zoetrope.runtime.job.JobListener;

import java.time.Duration;
import java.util.List;

/** Passes on what a generation tells, and keeps what it took for later estimates. */
final class TimedGeneration implements JobListener<GenerationEvent> {
    private final long start;
    private final Preparation prepared;
    private final UserFolders folders;
    private final JobListener<? super GenerationEvent> told;
    private final DeviceMemory device;
    private final Measurement measurement;

    /**
     * @param start of the job, by {@link System#nanoTime}
     * @param folders that the generation uses: where it keeps prompts, and where times are kept
     * @param device whose memory is watched, if it has any
     * @param others that want the processors meanwhile
     * @param told whatever the generation tells
     */
    TimedGeneration(
            long start,
            Preparation prepared,
            UserFolders folders,
            DeviceMemory device,
            OtherPrograms others,
            JobListener<? super GenerationEvent> told) {
        this.start = start;
        this.prepared = prepared;
        this.folders = folders;
        this.told = told;
        this.device = device;
        this.measurement = new Measurement(folders, device, others);
    }

    @Override
    public void onEvent(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Planned _ -> measurement.begin(this::counted);
            case GenerationEvent.Adjusted _ -> measurement.spoil();
            case GenerationEvent.Stepped _, GenerationEvent.Decoded _ -> measurement.look();
            case GenerationEvent.Saved(GenerationRequest request, GenerationSummary s) ->
                    measurement.keep(
                            List.of(rest(s), s.encoding(), s.sampling(), s.decoding()),
                            request.output());
        }
        told.onEvent(event);
    }

    /** Before the work, which leaves prompts in the cache that are now to be encoded. */
    private Workload counted() {
        return GenerationWork.of(
                prepared, new PromptCache(folders.prompts()), device.now().isPresent());
    }

    /** What the job has taken besides its phases. */
    private Duration rest(GenerationSummary s) {
        return Duration.ofNanos(System.nanoTime() - start)
                .minus(s.encoding())
                .minus(s.sampling())
                .minus(s.decoding());
    }
}
