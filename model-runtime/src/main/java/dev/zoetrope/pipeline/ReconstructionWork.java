package dev.zoetrope.pipeline;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.pipeline.ReconstructionPipeline.Size;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.device.Processor;
import dev.zoetrope.runtime.estimate.Machine;
import dev.zoetrope.runtime.estimate.Work;
import dev.zoetrope.runtime.estimate.Workload;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import java.util.List;
import java.util.Optional;

/** Counts the work in a reconstruction, as {@link GenerationWork} does. */
final class ReconstructionWork {
    private ReconstructionWork() {}

    /**
     * What a request comes to.
     *
     * @param source its input
     * @param apart whether the device has memory of its own
     */
    static Workload of(
            ReconstructionRequest request,
            CodecCheckpoint checkpoint,
            Precision precision,
            ClipInfo source,
            boolean apart) {
        Size size = Size.of(source, request);
        long frames = ReconstructionPipeline.expectedFrames(source, request);
        int window = ReconstructionPipeline.window(checkpoint);
        int fresh = window - ReconstructionPipeline.overlap(window);
        double windows = 1 + Math.max(0, frames - window) / (double) fresh;
        CodecWork each = new CodecWork(checkpoint, window, size.width(), size.height());
        double pixels = (double) size.width() * size.height() * frames;
        return new Workload(
                new Machine(Kernels.device(), Processor.name(), Kernels.threads(), precision),
                List.of(
                        Work.of(
                                Work.Kind.CODING,
                                each.name(),
                                1,
                                (double) checkpoint.weights().bytes(),
                                windows * each.multiplications(),
                                windows * each.attention(),
                                pixels,
                                (double) source.width() * source.height() * frames)),
                Work.of(
                        Work.Kind.MEMORY,
                        each.name(),
                        1,
                        apart ? (double) checkpoint.weights().bytes() : each.memory(precision)),
                apart
                        ? Optional.of(
                                Work.of(
                                        Work.Kind.DEVICE_MEMORY,
                                        each.name(),
                                        1,
                                        GenerationWork.own(checkpoint.weights(), precision)
                                                + each.working(precision)))
                        : Optional.empty(),
                Work.of(
                        Work.Kind.FILE,
                        VideoFormat.of(request.output()).name() + " of a video",
                        pixels),
                (long) (3 * pixels));
    }
}
