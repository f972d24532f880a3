package dev.zoetrope.samples.starter;

import dev.zoetrope.runtime.checkpoint.BundledModel;

import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The starter: a small LatteT2V that makes paper-theatre clips of a prompt, with the codec whose
 * latents it learned and the encoder of its prompts. Its model card, {@code README.md} in the
 * folder, says what it can and cannot do.
 */
public final class Starter implements BundledModel {
    private static final List<String> FILES =
            List.of(
                    "README.md",
                    "zoetrope.json",
                    "scheduler/scheduler_config.json",
                    "transformer/config.json",
                    "transformer/diffusion_pytorch_model.safetensors",
                    "vae/config.json",
                    "vae/latent_rgb.json");

    @Override
    public String name() {
        return "starter";
    }

    @Override
    public Kind kind() {
        return Kind.GENERATOR;
    }

    @Override
    public String licence() {
        return "Apache-2.0";
    }

    @Override
    public Map<String, URL> files() {
        Map<String, URL> files = new TreeMap<>();
        FILES.forEach(file -> files.put(file, Packaged.file("model/" + file)));
        files.put("vae/" + StarterCodec.WEIGHTS, StarterCodec.file(StarterCodec.WEIGHTS));
        new AllMiniLm().files().forEach((file, place) -> files.put("text_encoder/" + file, place));
        return files;
    }
}
