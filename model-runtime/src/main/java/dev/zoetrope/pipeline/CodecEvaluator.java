package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.reconstruction.CodecEvaluation;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.reconstruction.FrameComparison;
import dev.zoetrope.runtime.reconstruction.FrameQuality;
import dev.zoetrope.runtime.training.ClipCritic;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.TrainingClip;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Rebuilds clips of a data set and adds up how close they come. */
final class CodecEvaluator {
    private final EvaluationRequest request;
    private final CodecCheckpoint checkpoint;
    private final Precision precision;
    private final ClipSource source;
    private final Map<String, Integer> recognised = new LinkedHashMap<>();

    private double squaredError;
    private double psnr;
    private double worst = Double.POSITIVE_INFINITY;
    private double ssim;
    private long frames;

    CodecEvaluator(
            EvaluationRequest request,
            CodecCheckpoint checkpoint,
            Precision precision,
            ClipSource source) {
        this.request = request;
        this.checkpoint = checkpoint;
        this.precision = precision;
        this.source = source;
    }

    /**
     * @throws dev.zoetrope.runtime.problem.ProblemException for clips of a size that the codec does
     *     not take
     */
    void run(Consumer<? super CodecEvaluation> progress, Cancellation stop) {
        checkShape(request.shape());
        Kernels k = Kernels.inference().checking(stop::check);
        try (NDManager manager = Kernels.newManager()) {
            Codec codec = checkpoint.load(manager, k, precision);
            CodeCount codes = new CodeCount(codec.codebookSize());
            for (int i = 0; i < request.clips(); i++) {
                long index = request.firstClip() + i;
                TrainingClip clip = source.clip(index, request.shape());
                List<Frame> rebuilt;
                try (NDManager scratch = manager.newSubManager()) {
                    rebuilt = evaluate(codec, codes, scratch, frames(clip));
                }
                source.critic().ifPresent(critic -> judge(critic, index, rebuilt));
                progress.accept(soFar(i + 1, codes));
            }
        }
    }

    private void checkShape(ClipShape shape) {
        CodecGrid grid = checkpoint.grid();
        if (grid.lengths().nearest(shape.frames()) != shape.frames()
                || shape.width() % grid.stride() != 0
                || shape.height() % grid.stride() != 0) {
            throw new Problem.ImpossibleRequest(
                            "The codec takes clips of %s frames, their sides multiples of %d."
                                    .formatted(grid.lengths().rule(), grid.stride()),
                            "Choose another shape, %d frames for example."
                                    .formatted(grid.lengths().nearest(shape.frames())))
                    .asException();
        }
    }

    /** The clip as it came back. */
    private List<Frame> evaluate(
            Codec codec, CodeCount codes, NDManager scratch, List<Frame> originals) {
        NDArray x = codec.pixels(FrameTensors.stack(scratch, originals));
        NDArray y = codec.decode(codec.encode(x), codes::add);
        List<Frame> results = FrameTensors.unstack(codec.bytes(y), originals);
        double clipError = 0;
        for (int i = 0; i < originals.size(); i++) {
            FrameQuality quality = FrameComparison.compare(originals.get(i), results.get(i));
            clipError += FrameComparison.meanSquaredError(quality.psnr()) / originals.size();
            ssim += quality.ssim();
        }
        double clipPsnr = FrameComparison.psnr(clipError);
        squaredError += clipError;
        psnr += clipPsnr;
        worst = Math.min(worst, clipPsnr);
        frames += originals.size();
        return results;
    }

    private void judge(ClipCritic critic, long index, List<Frame> rebuilt) {
        Map<String, String> seen = critic.seen(rebuilt);
        critic.meant(index)
                .forEach((trait, meant) ->
                        recognised.merge(
                                trait, meant.equals(seen.get(trait)) ? 1 : 0, Integer::sum));
    }

    private CodecEvaluation soFar(int clips, CodeCount codes) {
        return new CodecEvaluation(
                clips,
                FrameComparison.psnr(squaredError / clips),
                psnr / clips,
                worst,
                ssim / frames,
                codes.use(),
                recognised);
    }

    private static List<Frame> frames(TrainingClip clip) {
        int size = clip.shape().bytes() / clip.shape().frames();
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < clip.shape().frames(); i++) {
            ByteBuffer rgb = clip.rgb().slice(i * size, size);
            frames.add(new Frame(clip.shape().width(), clip.shape().height(), rgb, i));
        }
        return frames;
    }
}
