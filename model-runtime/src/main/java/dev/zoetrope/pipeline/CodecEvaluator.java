package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.codec.VideoGptVqVae;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.reconstruction.CodecEvaluation;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.reconstruction.FrameComparison;
import dev.zoetrope.runtime.reconstruction.FrameQuality;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.TrainingClip;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Rebuilds clips of a data set and adds up how close they come. */
final class CodecEvaluator {
    private final EvaluationRequest request;
    private final CodecCheckpoint checkpoint;
    private final Precision precision;
    private final ClipSource source;

    private final long[] uses;
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
        this.uses = new long[checkpoint.config().nCodes()];
    }

    void run(Consumer<? super CodecEvaluation> progress, Cancellation stop) {
        Kernels k = Kernels.inference().checking(stop::check);
        try (NDManager manager = Kernels.newManager()) {
            VideoGptVqVae codec = checkpoint.load(manager, k, precision);
            for (int i = 0; i < request.clips(); i++) {
                TrainingClip clip = source.clip(request.firstClip() + i, request.shape());
                try (NDManager scratch = manager.newSubManager()) {
                    evaluate(codec, k, scratch, frames(clip));
                }
                progress.accept(soFar(i + 1));
            }
        }
    }

    private void evaluate(
            VideoGptVqVae codec, Kernels k, NDManager scratch, List<Frame> originals) {
        NDArray x = k.pixelsFromBytes(FrameTensors.stack(scratch, originals), 1 / 255.0, -0.5);
        NDArray codes = codec.encode(x);
        for (long code : codes.toLongArray()) {
            uses[(int) code]++;
        }
        List<Frame> results =
                FrameTensors.unstack(k.bytesFromPixels(codec.decode(codes), -0.5, 0.5), originals);
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
    }

    private CodecEvaluation soFar(int clips) {
        long total = 0;
        int used = 0;
        for (long n : uses) {
            total += n;
            used += n > 0 ? 1 : 0;
        }
        double entropy = 0;
        for (long n : uses) {
            if (n > 0) {
                double p = (double) n / total;
                entropy -= p * Math.log(p);
            }
        }
        return new CodecEvaluation(
                clips,
                FrameComparison.psnr(squaredError / clips),
                psnr / clips,
                worst,
                ssim / frames,
                used,
                uses.length,
                Math.exp(entropy));
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
