package dev.zoetrope.engine;

import dev.zoetrope.pipeline.TestModel;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.generation.GenerationRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Tests with engines that are processes of their own, none of which outlives its test. */
abstract class WithEngine {
    @TempDir Path temp;
    UserFolders folders;
    Path out;
    EngineClient client;
    Path model;

    @BeforeEach
    void open() throws IOException {
        folders = new UserFolders(temp.resolve("home"));
        model = TestModel.ofClasses(temp.resolve("model"));
        out = Files.createDirectories(temp.resolve("out"));
        client = EngineClient.own(folders);
    }

    @AfterEach
    void end() {
        client.close();
        Engines.kill(folders);
    }

    GenerationRequest generation(int steps, long seed, Path output) {
        return TestModel.request(model, steps, Optional.empty(), seed, output);
    }
}
