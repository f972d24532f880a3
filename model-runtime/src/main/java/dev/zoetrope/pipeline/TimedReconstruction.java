package dev.zoetrope.pipeline;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.DeviceMemory;
import dev.zoetrope.runtime.device.OtherPrograms;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent.Began;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionSummary;

import java.util.List;

/** Passes on what a reconstruction tells, and keeps what it took for later estimates. */
final class TimedReconstruction implements JobListener<ReconstructionEvent> {
    private final ReconstructionRequest request;
    private final CodecCheckpoint codec;
    private final JobListener<? super ReconstructionEvent> told;
    private final DeviceMemory device;
    private final Measurement measurement;

    /**
     * @param folders where times are kept
     * @param device whose memory is watched, if it has any
     * @param others that want the processors meanwhile
     * @param told whatever the reconstruction tells
     */
    TimedReconstruction(
            ReconstructionRequest request,
            CodecCheckpoint codec,
            UserFolders folders,
            DeviceMemory device,
            OtherPrograms others,
            JobListener<? super ReconstructionEvent> told) {
        this.request = request;
        this.codec = codec;
        this.told = told;
        this.device = device;
        this.measurement = new Measurement(folders, device, others);
    }

    @Override
    public void onEvent(ReconstructionEvent event) {
        switch (event) {
            case Began began ->
                    measurement.begin(() ->
                            ReconstructionWork.of(
                                    request,
                                    codec,
                                    began.precision(),
                                    began.source(),
                                    device.now().isPresent()));
            case ReconstructionEvent.Adjusted _ -> measurement.spoil();
            case ReconstructionEvent.Compared _ -> measurement.look();
            case ReconstructionEvent.Saved(_, ReconstructionSummary summary) ->
                    measurement.keep(List.of(summary.totalTime()), request.output());
        }
        told.onEvent(event);
    }
}
