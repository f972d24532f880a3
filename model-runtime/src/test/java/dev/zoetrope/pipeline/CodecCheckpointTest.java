package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;

import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

class CodecCheckpointTest {
    private static final Path GOLDENS = Path.of("src/test/resources/goldens");
    private static final Path GOLDEN = GOLDENS.resolve("01a_videogpt_vqvae_444");

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weights.safetensors",
                "weights.pth",
                "weights_half.pth",
                "weights_legacy.pth",
                "vqvae_lightning.ckpt"
            })
    void everyFormOfACodecOpensToTheSameModel(String name) {
        VqVaeCheckpoint codec = open(GOLDEN.resolve(name));

        codec.check();
        assertEquals(List.of(4, 4, 4), codec.config().downsample());
        assertEquals(open(GOLDEN.resolve("weights.safetensors")).config(), codec.config());
    }

    @Test
    void aLightningCheckpointNeedsNoConfiguration() throws IOException {
        VideoGptVqVaeConfig expected = open(GOLDEN.resolve("weights.pth")).config();
        Path alone = copy("vqvae_lightning.ckpt", "alone.ckpt");

        assertEquals(expected, open(alone).config());
        assertEquals(expected, open(folder).config());
    }

    @Test
    void otherWeightsWithoutAConfigurationAreAProblem() throws IOException {
        Path alone = copy("weights.safetensors", "alone.safetensors");

        Problem problem = problem(alone);

        assertInstanceOf(Problem.CheckpointUnknown.class, problem);
        assertTrue(problem.cause().contains("config.json"), problem.cause());
    }

    @Test
    void aConfigurationOfOtherSizesIsAMismatchThatNamesThem() throws IOException {
        copy("weights.safetensors", "model.safetensors");
        Files.copy(
                GOLDENS.resolve("01b_videogpt_vqvae_422/config.json"),
                folder.resolve("config.json"));
        CodecCheckpoint codec = CodecCheckpoint.open(folder);

        ProblemException e = assertThrows(ProblemException.class, codec::check);

        Problem.CheckpointMismatch mismatch =
                assertInstanceOf(Problem.CheckpointMismatch.class, e.problem());
        assertTrue(
                mismatch.misshapen().stream()
                        .anyMatch(text -> text.startsWith("codebook.embeddings")),
                mismatch.cause());
    }

    @Test
    void groupsShareOutTheChannelsOfTheCodes() throws IOException {
        copy("weights.safetensors", "model.safetensors");
        VideoGptVqVaeConfig one = open(GOLDEN.resolve("weights.safetensors")).config();
        String config = Files.readString(GOLDEN.resolve("config.json"));
        Files.writeString(
                folder.resolve("config.json"), config.replaceFirst("\\{", "{\"code_groups\": 2,"));

        VqVaeCheckpoint codec = open(folder);

        assertEquals(1, one.codeGroups());
        assertEquals(2, codec.config().codeGroups());
        assertEquals(one.embeddingDim(), codec.latentChannels());
        assertEquals(
                new Shape(one.nCodes(), one.embeddingDim() / 2),
                codec.parameters().get("codebook.embeddings"));
        assertEquals(
                "%d codes of %d numbers, 2 per 4 x 4 x 4 frames, rows and columns"
                        .formatted(one.nCodes(), one.embeddingDim() / 2),
                codec.facts().getFirst());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"n_codes\": 8}",
                "{\"embedding_dim\":6,\"n_codes\":9,\"n_hiddens\":12,\"n_res_layers\":1,\"downsample\":[4,4,4],\"code_groups\":4}",
                "{\"embedding_dim\":6,\"n_codes\":0,\"n_hiddens\":12,\"n_res_layers\":1,\"downsample\":[4,4,4]}",
                "{\"embedding_dim\":6,\"n_codes\":9,\"n_hiddens\":12,\"n_res_layers\":1,\"downsample\":\"4,x,4\"}"
            })
    void aConfigurationWithoutUsableSizesIsAProblem(String config) throws IOException {
        copy("weights.safetensors", "model.safetensors");
        Files.writeString(folder.resolve("config.json"), config);

        assertInstanceOf(Problem.CheckpointUnknown.class, problem(folder));
    }

    @Test
    void aBrokenConfigurationIsDamaged() throws IOException {
        copy("weights.safetensors", "model.safetensors");
        Files.writeString(folder.resolve("config.json"), "{\"n_codes\": ");

        assertInstanceOf(Problem.CheckpointDamaged.class, problem(folder));
    }

    @Test
    void otherTensorsAreNoCodec() {
        Problem problem = problem(GOLDEN.resolve("inputs.safetensors"));

        assertInstanceOf(Problem.CheckpointUnknown.class, problem);
    }

    @Test
    void aMissingPlaceAndAnEmptyFolderAreProblems() {
        assertInstanceOf(Problem.FileMissing.class, problem(folder.resolve("nowhere")));
        assertInstanceOf(Problem.CheckpointUnknown.class, problem(folder));
    }

    @Test
    void aModelFolderMayKeepItsCodecInVae() throws IOException {
        TestCodec.copyTo(folder.resolve("vae"));

        VqVaeCheckpoint codec = open(folder);

        assertEquals(List.of(4, 2, 2), codec.config().downsample());
        assertEquals(8, codec.sequenceLength());
        assertEquals(
                Set.of(folder.resolve("vae/model.safetensors"), folder.resolve("vae/config.json")),
                new Component(codec.weights()).files());
    }

    private static VqVaeCheckpoint open(Path place) {
        return assertInstanceOf(VqVaeCheckpoint.class, CodecCheckpoint.open(place));
    }

    private static Problem problem(Path place) {
        return assertThrows(ProblemException.class, () -> CodecCheckpoint.open(place)).problem();
    }

    private Path copy(String name, String as) throws IOException {
        return Files.copy(GOLDEN.resolve(name), folder.resolve(as));
    }
}
