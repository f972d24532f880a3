package dev.zoetrope.samples.starter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.prompt.PromptTokenizer;
import dev.zoetrope.prompt.Tokens;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.samples.papertheatre.Rehearsal;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.stream.LongStream;

class AllMiniLmTest {
    @TempDir static Path data;
    private static Path folder = Path.of("");

    @BeforeAll
    static void unpack() {
        folder = new CheckpointStore(new UserFolders(data).models()).find("all-minilm-l6-v2");
    }

    @Test
    void isATextEncoderAndNothingElse() {
        try (LocalRuntime runtime = LocalRuntime.open(new UserFolders(data))) {
            Inspection.Part part = runtime.inspect(folder).parts().getFirst();

            assertEquals(Inspection.Role.TEXT_ENCODER, part.role());
            assertEquals("BERT encoder", part.architecture());
            assertFalse(runtime.codecs().contains("all-minilm-l6-v2"));
            assertFalse(runtime.generators().contains("all-minilm-l6-v2"));
        }
    }

    @Test
    void knowsEveryWordOfTheCaptionsAndCutsNone() {
        Rehearsal rehearsal = new Rehearsal();
        ClipShape smallest = new ClipShape(1, 1, 1);
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            long unknown = tokenizer.encode("\u2603", 8).ids()[1];
            LongStream.range(0, 10_000)
                    .mapToObj(index -> rehearsal.clip(index, smallest).caption())
                    .forEach(caption -> {
                        Tokens tokens = tokenizer.encode(caption, 20);
                        assertTrue(tokens.cut().isEmpty(), caption);
                        assertFalse(
                                LongStream.of(tokens.ids()).anyMatch(id -> id == unknown), caption);
                    });
        }
    }
}
