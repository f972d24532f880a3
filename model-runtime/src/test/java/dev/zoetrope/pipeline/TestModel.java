package dev.zoetrope.pipeline;

import dev.zoetrope.golden.GoldenModelFolder;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.GenerationRequest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Whole models of random weights, small enough to run in every test. */
public final class TestModel {
    private static final Path GOLDENS = Path.of("src/test/resources/goldens");

    /** Every word of the tokenizer after its special tokens. */
    private static final List<String> WORDS =
            List.of("a", "red", "blue", "paper", "boat", "sails", "on", "the", "sea", ",", ":");

    private TestModel() {}

    /**
     * Makes a model folder that is told one of five classes: latents of 6 channels in patches of 2,
     * 2 x 8 x 8, to clips of 8 frames of 32 x 32.
     */
    public static Path ofClasses(Path folder) {
        GoldenModelFolder.write(GOLDENS.resolve("09a_pipeline_march_classcond"), folder);
        return folder;
    }

    /**
     * Makes a model folder of LatteT2V that is told a text: latents of 4 channels in patches of 2,
     * 3 x 8 x 8, to clips of 5 frames of 16 x 16.
     */
    public static Path ofText(Path folder) throws IOException {
        GoldenModelFolder.write(GOLDENS.resolve("09b_pipeline_v1.0_t2v"), folder);
        Path tokenizer = Files.createDirectories(folder.resolve("tokenizer"));
        Files.writeString(
                tokenizer.resolve("vocab.txt"),
                "[PAD]\n[SEP]\n[UNK]\n[CLS]\n[MASK]\n" + String.join("\n", WORDS) + "\n");
        return folder;
    }

    /** Says of a model that it has learned to go on from a first frame. */
    public static void takesFirstFrame(Path model) throws IOException {
        Files.writeString(model.resolve("zoetrope.json"), "{\"first_frame\": true}");
    }

    /** Asks a model {@link #ofClasses} for a clip. */
    public static GenerationRequest request(
            Path model, int steps, Optional<String> sampler, long seed, Path output) {
        return request(model, Optional.empty(), steps, sampler, seed, output);
    }

    /** Asks a model {@link #ofClasses} for a clip that begins with a picture. */
    public static GenerationRequest request(
            Path model,
            Optional<Path> image,
            int steps,
            Optional<String> sampler,
            long seed,
            Path output) {
        return new GenerationRequest(
                "1",
                "",
                image,
                model.toString(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalInt.of(steps),
                OptionalDouble.of(2),
                sampler,
                seed,
                output,
                Optional.of(Precision.FP32),
                true);
    }
}
