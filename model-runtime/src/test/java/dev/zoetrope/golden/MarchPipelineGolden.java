package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.pipeline.Codec;
import dev.zoetrope.pipeline.CodecCheckpoint;
import dev.zoetrope.pipeline.Condition;
import dev.zoetrope.pipeline.ConditionedDenoiser;
import dev.zoetrope.pipeline.DenoiserCheckpoint;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.sampling.Denoiser;
import dev.zoetrope.sampling.Guidance;
import dev.zoetrope.sampling.Sampler;
import dev.zoetrope.sampling.Samplers;
import dev.zoetrope.sampling.SchedulerConfig;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A clip of one class from noise to pixels. The reference carries the unconditional half of the
 * batch along, which is guided alike and has a variance and noise of its own.
 */
final class MarchPipelineGolden {
    private static final double LATENT_TOLERANCE = 2e-3;
    private static final double PIXEL_TOLERANCE = 1e-4;
    private static final Map<String, String> SAMPLERS = Map.of("p_sample", "ddpm", "ddim", "ddim");

    private MarchPipelineGolden() {}

    private record Config(int steps, @JsonProperty("cfg_scale") double scale) {}

    static void run(GoldenCase golden) {
        Config config = golden.config(Config.class);
        Path folder = golden.modelFolder();
        Kernels k = Kernels.inference();
        NDManager manager = golden.manager();
        DenoiserCheckpoint checkpoint = DenoiserCheckpoint.open(folder.resolve("transformer"));
        ConditionedDenoiser model = checkpoint.load(manager, k, Precision.FP32);
        Codec codec = CodecCheckpoint.open(folder.resolve("vae")).load(manager, k, Precision.FP32);

        long[] labels = golden.input("y").toLongArray();
        Denoiser conditional = model.under(new Condition.Label(labels[0]));
        Denoiser unconditional = model.under(new Condition.None());
        Guidance guidance = model.guidance(config.scale);
        Denoiser both =
                (x, time) -> {
                    NDArray first = k.narrow(x, 0, 0, 1);
                    return GoldenCase.guided(
                            guidance,
                            conditional.predict(first, time),
                            unconditional.predict(first, time));
                };
        NDArray z = golden.input("z");
        SchedulerConfig scheduler = SchedulerConfig.parse(checkpoint.published().scheduler());
        SAMPLERS.forEach((name, samplerName) -> {
            RecordedNoise noise =
                    new RecordedNoise(k.concat(List.of(z, z), 0), golden.input("noises"));
            Sampler sampler =
                    Samplers.named(samplerName, scheduler, checkpoint.latents().channelAxis());
            List<NDArray> samples = Trajectory.of(manager, sampler, config.steps, noise, both);
            samples = samples.subList(samples.size() - config.steps, samples.size());
            golden.close(
                    name + ".traj", Trajectory.stack(samples), LATENT_TOLERANCE, LATENT_TOLERANCE);
            NDArray latents = k.narrow(samples.getLast(), 0, 0, 1);
            NDArray video = codec.decode(latents, codes -> golden.equal(name + ".codes", codes));
            golden.close(name + ".video", video, PIXEL_TOLERANCE, PIXEL_TOLERANCE);
            NDArray bytes = codec.bytes(video).transpose(3, 0, 1, 2); // (3, T, H, W)
            golden.closeBytes(name + ".video_u8", bytes);
        });
    }
}
