package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ShardedIndexTest {
    @TempDir Path folder;

    @BeforeEach
    void writeShards() throws IOException {
        Files.write(folder.resolve("1.safetensors"), shard("x"));
        Files.write(folder.resolve("2.safetensors"), shard("y"));
        Files.write(folder.resolve("3.bin"), Weights.torchZip());
    }

    @Test
    void tensorsAreFoundInTheFilesThatHoldThem() throws IOException {
        WeightFile file =
                WeightFile.open(
                        index(
                                """
                                {"metadata": {"total_size": 2, "of": {"no": "use"}},
                                 "weight_map": {"y": "2.safetensors", "x": "1.safetensors"}}
                                """));
        assertEquals(List.of("y", "x"), List.copyOf(file.tensors().keySet()));
        assertEquals(folder.resolve("2.safetensors"), Weights.tensor(file, "y").file());
        assertEquals(Map.of("total_size", "2"), file.metadata());
    }

    @Test
    void shardsMayBePickles() throws IOException {
        WeightFile file =
                WeightFile.open(
                        index(
                                """
                                {"weight_map": {"a.weight": "3.bin", "a.bias": "3.bin", "steps": "3.bin"}}
                                """));
        assertEquals(List.of(2L, 3L), Weights.tensor(file, "a.weight").shape());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../1.safetensors",
                "/etc/passwd",
                "a/../../1",
                "./1.safetensors",
                "a\\\\b",
                ""
            })
    void aFileOutsideTheFolderIsRefused(String shard) throws IOException {
        Problem problem =
                Weights.problem(
                        Problem.CheckpointDamaged.class,
                        index("{\"weight_map\":{\"x\":\"%s\"}}".formatted(shard)));
        assertTrue(problem.cause().contains("not in its folder"), problem.cause());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"weight_map\":{\"z\":\"1.safetensors\"}} | is missing from",
                "{\"weight_map\":{\"a.weight\":\"3.bin\"}} | does not list",
                "{\"weight_map\":{\"x\":1}} | a file for each tensor",
                "{\"weight_map\":[]} | a file for each tensor",
                "{\"weight_map\":{\"x\":\"1.safetensors\",\"x\":\"1.safetensors\"}} | Duplicate",
                "{\"weight_map\":{}} x | not valid JSON",
                "{\"weight_map\":{} | not valid JSON",
                "{\"weight_map\":{\"x\":\"\\u0000\"}} | impossible name",
            })
    void anIndexThatContradictsItsFilesIsDamage(String json, String reason) throws IOException {
        Problem problem = Weights.problem(Problem.CheckpointDamaged.class, index(json));
        assertTrue(problem.cause().contains(reason), problem.cause());
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        Problem.FileMissing problem =
                Weights.problem(
                        Problem.FileMissing.class, index("{\"weight_map\":{\"x\":\"4.bin\"}}"));
        assertEquals(folder.resolve("4.bin"), problem.file());
    }

    @Test
    void aShardIsNoIndexItself() throws IOException {
        Weights.problem(
                Problem.CheckpointUnknown.class,
                index("{\"weight_map\":{\"x\":\"model.safetensors.index.json\"}}"));
    }

    @Test
    void jsonWithoutWeightsIsUnknown() throws IOException {
        Weights.problem(Problem.CheckpointUnknown.class, index("{\"n_codes\": 24}"));
    }

    private Path index(String json) throws IOException {
        return Files.writeString(folder.resolve("model.safetensors.index.json"), json);
    }

    private static byte[] shard(String tensor) {
        return Weights.safetensors(
                "{\"%s\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}"
                        .formatted(tensor),
                new byte[1]);
    }
}
