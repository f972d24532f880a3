package dev.zoetrope.pipeline;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.device.DeviceMemory;
import dev.zoetrope.runtime.estimate.Workload;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.GenerationSummary;
import dev.zoetrope.runtime.job.JobListener;

import java.util.List;

/** Passes on what a generation tells, and keeps what it took for later estimates. */
final class TimedGeneration implements JobListener<GenerationEvent> {
    private final GenerationRequest request;
    private final UserFolders folders;
    private final JobListener<? super GenerationEvent> told;
    private final DeviceMemory device;
    private final Measurement measurement;

    /**
     * @param folders that the generation uses: where it keeps prompts, and where times are kept
     * @param device whose memory is watched, if it has any
     * @param told whatever the generation tells
     */
    TimedGeneration(
            GenerationRequest request,
            UserFolders folders,
            DeviceMemory device,
            JobListener<? super GenerationEvent> told) {
        this.request = request;
        this.folders = folders;
        this.told = told;
        this.device = device;
        this.measurement = new Measurement(folders, device);
    }

    @Override
    public void onEvent(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Planned _ -> measurement.begin(this::counted);
            case GenerationEvent.Adjusted _ -> measurement.spoil();
            case GenerationEvent.Stepped _, GenerationEvent.Decoded _ -> measurement.look();
            case GenerationEvent.Saved(_, GenerationSummary summary) ->
                    measurement.keep(
                            List.of(summary.encoding(), summary.sampling(), summary.decoding()),
                            request.output());
        }
        told.onEvent(event);
    }

    /** Before the work, which leaves prompts in the cache that are now to be encoded. */
    private Workload counted() {
        GenerationModel model =
                GenerationModel.open(new CheckpointStore(folders.models()).find(request.model()));
        return GenerationWork.of(
                GenerationPlanner.prepare(request, model),
                model,
                new PromptCache(folders.prompts()),
                request.output(),
                device.now().isPresent());
    }
}
