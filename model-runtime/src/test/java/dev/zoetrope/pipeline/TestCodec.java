package dev.zoetrope.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A whole codec of random weights, small enough to run in every test: downsample 4, 2, 2. */
public final class TestCodec {
    private static final Path GOLDEN = Path.of("src/test/resources/goldens/01b_videogpt_vqvae_422");

    private TestCodec() {}

    /** Makes a model folder of it. */
    public static Path copyTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(GOLDEN.resolve("config.json"), folder.resolve("config.json"));
        Files.copy(GOLDEN.resolve("weights.safetensors"), folder.resolve("model.safetensors"));
        return folder;
    }
}
