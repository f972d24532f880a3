package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.pipeline.Codec;
import dev.zoetrope.pipeline.CodecCheckpoint;
import dev.zoetrope.pipeline.Condition;
import dev.zoetrope.pipeline.DenoiserCheckpoint;
import dev.zoetrope.pipeline.LoadedTextEncoder;
import dev.zoetrope.pipeline.TextEncoderCheckpoint;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.sampling.Denoiser;
import dev.zoetrope.sampling.Sampler;
import dev.zoetrope.sampling.Samplers;
import dev.zoetrope.sampling.SchedulerConfig;

import java.nio.file.Path;
import java.util.List;

/** A clip from a prompt's tokens and noise to pixels, as v1.0 and v1.1 make it. */
final class TextPipelineGolden {
    private static final double RTOL = 1e-4;
    private static final double LATENT_TOLERANCE = 5e-3;

    private TextPipelineGolden() {}

    private record Config(int steps, @JsonProperty("guidance_scale") double scale) {}

    static void run(GoldenCase golden) {
        Config config = golden.config(Config.class);
        Path folder = golden.modelFolder();
        Kernels k = Kernels.inference();
        NDManager manager = golden.manager();
        LoadedTextEncoder encoder =
                TextEncoderCheckpoint.open(folder.resolve("text_encoder"))
                        .load(manager, k, Precision.FP32);
        Condition.Text prompt = text(golden, encoder, "");
        Condition.Text negative = text(golden, encoder, "negative_");
        long words = golden.input("attention_mask").sum().toLongArray()[0];
        golden.close("prompt_embeds", k.narrow(prompt.states(), 1, 0, words), RTOL, RTOL);
        golden.close("negative_embeds", k.narrow(negative.states(), 1, 0, words), RTOL, RTOL);

        DenoiserCheckpoint checkpoint = DenoiserCheckpoint.open(folder.resolve("transformer"));
        Denoiser denoiser =
                checkpoint.load(manager, k, Precision.FP32).guided(prompt, negative, config.scale);
        Codec codec = CodecCheckpoint.open(folder.resolve("vae")).load(manager, k, Precision.FP32);
        SchedulerConfig scheduler = SchedulerConfig.parse(checkpoint.published().scheduler());
        for (String name : Samplers.names(scheduler)) {
            if (!golden.hasOutput(name + ".traj")) {
                continue;
            }
            Sampler sampler = Samplers.named(name, scheduler, checkpoint.latents().channelAxis());
            long[] times = new long[sampler.plan(config.steps).times().length];
            for (int i = 0; i < times.length; i++) {
                times[i] = (long) sampler.plan(config.steps).times()[i];
            }
            golden.equal(name + ".timesteps", times);
            NDArray start = golden.input("latents");
            RecordedNoise noise = new RecordedNoise(start, start);
            List<NDArray> samples = Trajectory.of(manager, sampler, config.steps, noise, denoiser);
            golden.close(
                    name + ".traj", Trajectory.stack(samples), LATENT_TOLERANCE, LATENT_TOLERANCE);
            NDArray pixels = codec.decode(samples.getLast()); // (1, 3, T, H, W)
            golden.close(
                    name + ".video_btchw",
                    k.contiguous(pixels.transpose(0, 2, 1, 3, 4)),
                    LATENT_TOLERANCE,
                    LATENT_TOLERANCE);
            golden.closeBytes(name + ".video_u8_bthwc", codec.bytes(pixels).expandDims(0));
        }
    }

    private static Condition.Text text(GoldenCase golden, LoadedTextEncoder encoder, String which) {
        NDArray mask = golden.input(which + "attention_mask");
        return new Condition.Text(encoder.encode(golden.input(which + "input_ids"), mask), mask);
    }
}
