package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class TrainingOptionsTest {
    @TempDir Path temp;

    @ParameterizedTest
    @CsvSource({"--steps, 0", "--averaging, 2", "--shapes, 16x64", "--precision, fp16"})
    void bothTrainingsRefuseWhatNoneCanDo(String option, String value) {
        for (String model : List.of("codec", "denoiser")) {
            List<Object> said =
                    new ArrayList<>(
                            List.of(
                                    "train",
                                    model,
                                    "--run",
                                    temp.resolve("run"),
                                    "--dataset",
                                    temp));
            if (model.equals("denoiser")) {
                said.addAll(List.of("--codec", temp, "--config", temp));
            }
            said.addAll(option.equals("--shapes") ? List.of() : List.of("--shapes", "4x16x16"));
            said.addAll(List.of(option, value));

            Terminal run = Terminal.run(said.toArray());

            assertEquals(2, run.exit(), model);
            assertTrue(run.err().contains(option), model + ": " + run.err());
        }
    }
}
