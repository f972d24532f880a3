package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.denoiser.VideoDit;
import dev.zoetrope.model.denoiser.VideoDitConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.sampling.Denoiser;
import dev.zoetrope.sampling.Samplers;
import dev.zoetrope.sampling.SamplingRun;
import dev.zoetrope.sampling.SchedulerConfig;
import dev.zoetrope.sampling.SeededNoise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps of a sampler with a preview and without one, in turn, for measuring what a preview costs.
 * The model is the smallest of the published sizes, whose steps are the shortest, with random
 * weights and as many channels of latents as VideoGPT's published codecs have, the most there are.
 */
public final class PreviewTrial {
    private static final VideoDitConfig S_2 =
            new VideoDitConfig(
                    List.of(4, 32, 32),
                    2,
                    1,
                    256,
                    384,
                    12,
                    6,
                    4.0,
                    null,
                    101,
                    true,
                    2,
                    null,
                    null,
                    false);

    /** What is measured, in words. */
    public static final String SIZE = "VideoDiT S/2, latents of 256 channels, 4 x 32 x 32";

    private static final Shape LATENTS = new Shape(1, 256, 4, 32, 32);
    private static final int WARM_UP = 2;

    private PreviewTrial() {}

    /** How long steps took, in their order. */
    public record Steps(List<Duration> without, List<Duration> with) {
        public Steps {
            without = List.copyOf(without);
            with = List.copyOf(with);
        }
    }

    /**
     * Takes steps.
     *
     * @param pairs of steps, one without a preview and one with it
     */
    public static Steps run(Precision precision, int pairs) {
        List<Duration> without = new ArrayList<>();
        List<Duration> with = new ArrayList<>();
        Kernels k = Kernels.inference();
        try (NDManager manager = Kernels.newManager();
                SeededNoise noise = new SeededNoise(0)) {
            VideoDit model =
                    new VideoDit(
                            S_2,
                            VideoDit.prepare(
                                    BlockTrial.random(manager, S_2.parameters()),
                                    k,
                                    precision,
                                    manager),
                            k,
                            precision);
            Denoiser denoiser = VideoDitCheckpoint.of(model).under(new Condition.Label(0));
            NDArray map = manager.randomNormal(new Shape(S_2.inChannels() + 1, 3));
            LatentRgb colours = new LatentRgb(map);
            SchedulerConfig scheduler =
                    SchedulerConfig.parse(DenoiserCheckpoint.Published.ofMarch(true).scheduler());
            int steps = 2 * (WARM_UP + pairs);
            try (SamplingRun run =
                    Samplers.named("ddim", scheduler, 1).start(manager, steps, LATENTS, noise)) {
                while (!run.isFinished()) {
                    boolean preview = run.index() % 2 == 1;
                    long start = System.nanoTime();
                    run.step(denoiser);
                    if (preview) {
                        colours.frames(run.predictedClean(), 8);
                    }
                    Duration took = Duration.ofNanos(System.nanoTime() - start);
                    if (run.index() > 2 * WARM_UP) {
                        (preview ? with : without).add(took);
                    }
                }
            }
        }
        return new Steps(without, with);
    }
}
