package dev.zoetrope.samples.starter;

import dev.zoetrope.runtime.checkpoint.BundledModel;

import java.net.URL;
import java.util.Map;

/**
 * all-MiniLM-L6-v2, the sentence encoder whose states of words the starter model is told, as ONNX
 * with its tokenizer. They come in a jar of their own; only the configuration is ours.
 */
public final class AllMiniLm implements BundledModel {
    @Override
    public String name() {
        return "all-minilm-l6-v2";
    }

    @Override
    public Kind kind() {
        return Kind.TEXT_ENCODER;
    }

    @Override
    public String licence() {
        return "Apache-2.0";
    }

    @Override
    public Map<String, URL> files() {
        return Map.of(
                "config.json",
                Packaged.file("all-minilm-l6-v2.json"),
                "model.onnx",
                Packaged.file("/all-minilm-l6-v2.onnx"),
                "tokenizer.json",
                Packaged.file("/all-minilm-l6-v2-tokenizer.json"));
    }
}
