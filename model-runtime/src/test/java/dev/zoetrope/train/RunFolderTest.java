package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

final class RunFolderTest {
    private static final String CODEC =
            """
            {"run": "file:///elsewhere", "datasets": ["papers"], "downsample": [4, 2, 2],
             "shapes": [{"frames": 4, "height": 8, "width": 8}], "steps": 7}
            """;
    private static final String DENOISER =
            """
            {"run": "file:///elsewhere", "datasets": ["papers"], "codec": "starter-codec",
             "shapes": [{"frames": 4, "height": 8, "width": 8}], "steps": 9}
            """;

    @TempDir Path run;

    @Test
    void aCodecGoesOnFromItsStateWhereverItsFolderHasBeenMoved() throws IOException {
        assertEquals(Optional.empty(), RunFolder.training(run));
        Files.writeString(run.resolve("request.json"), CODEC);
        assertEquals(Optional.empty(), RunFolder.training(run));
        Files.createFile(run.resolve("state.safetensors"));
        var request =
                assertInstanceOf(CodecTrainingRequest.class, RunFolder.training(run).orElseThrow());
        assertEquals(7, request.steps());
        assertEquals(run, request.run());
    }

    @Test
    void aDenoiserGoesOnFromItsCache() throws IOException {
        Files.writeString(run.resolve("request.json"), DENOISER);
        var request =
                assertInstanceOf(
                        DenoiserTrainingRequest.class, RunFolder.training(run).orElseThrow());
        assertEquals(9, request.steps());
        assertEquals(run, request.run());
    }

    @Test
    void aRequestThatCannotBeReadIsAProblem() throws IOException {
        Files.writeString(run.resolve("request.json"), "[]");
        var failure = assertThrows(ProblemException.class, () -> RunFolder.training(run));
        assertInstanceOf(Problem.CheckpointDamaged.class, failure.problem());
    }
}
