package dev.zoetrope.samples.starter;

import dev.zoetrope.runtime.checkpoint.BundledModel;

import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The starter codec: a small video VQ-VAE trained on paper-theatre clips, photographs and footage.
 * Its model card, {@code README.md} beside the weights, says what it can and cannot do.
 */
public final class StarterCodec implements BundledModel {
    static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

    private static final List<String> FILES = List.of("config.json", WEIGHTS, "README.md");

    @Override
    public String name() {
        return "starter-codec";
    }

    @Override
    public Kind kind() {
        return Kind.CODEC;
    }

    @Override
    public String licence() {
        return "Apache-2.0";
    }

    @Override
    public Map<String, URL> files() {
        return FILES.stream().collect(Collectors.toMap(file -> file, StarterCodec::file));
    }

    static URL file(String file) {
        return Packaged.file("codec/" + file);
    }
}
