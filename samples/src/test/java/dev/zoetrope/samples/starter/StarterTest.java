package dev.zoetrope.samples.starter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.JudgedClip;
import dev.zoetrope.runtime.generation.ModelEvaluationRequest;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.samples.papertheatre.Premiere;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The model that ships. */
class StarterTest {
    private static final int PROMPTS = 4;
    private static final long MOST_BYTES = 40_000_000;

    @Test
    void makesOfPromptsThatItNeverSawWhatTheySay(@TempDir Path data) throws Exception {
        List<JudgedClip> clips = new ArrayList<>();
        try (LocalRuntime runtime = LocalRuntime.open(new UserFolders(data))) {
            assertEquals("starter", runtime.generators().getFirst());
            assertFalse(runtime.codecs().contains("starter"));
            ModelEvaluationRequest request =
                    new ModelEvaluationRequest(
                            "starter",
                            new Premiere().name(),
                            PROMPTS,
                            0,
                            1,
                            1,
                            OptionalInt.empty(),
                            OptionalDouble.empty(),
                            0,
                            Optional.of(Precision.FP32));
            JobState end = runtime.evaluateModel(request, clips::add).end().get();
            assertInstanceOf(JobState.Succeeded.class, end);
        }
        assertEquals(PROMPTS, clips.size());
        // Of a few clips one may fail, as some do; of a model that learned nothing most would.
        for (String trait : clips.getFirst().meant().keySet()) {
            long shown = clips.stream().filter(clip -> clip.shows(trait)).count();
            assertTrue(shown >= PROMPTS - 1, trait + " is shown by " + shown);
        }
    }

    @Test
    void saysTheSameOfItselfBeforeItIsUnpacked(@TempDir Path data) {
        var folders = new UserFolders(data);
        var store = new CheckpointStore(folders.models());
        try (LocalRuntime runtime = LocalRuntime.open(folders)) {
            for (String name : List.of("starter", "starter-codec", "all-minilm-l6-v2")) {
                Path outline = store.outline(name);
                Path whole = store.find(name);
                assertNotEquals(whole, outline);
                Inspection is = runtime.inspect(whole);
                Inspection told = runtime.inspect(outline);
                assertEquals(is.abilities(), told.abilities());
                assertEquals(facts(is), facts(told));
                if (is.abilities().isPresent()) {
                    assertEquals(
                            runtime.estimate(aClipOf(whole, data)).memory(),
                            runtime.estimate(aClipOf(outline, data)).memory());
                }
            }
        }
    }

    private static List<?> facts(Inspection model) {
        return model.parts().stream()
                .map(part -> List.of(part.architecture(), part.facts(), part.tensors()))
                .toList();
    }

    private static GenerationRequest aClipOf(Path model, Path data) {
        return GenerationRequest.usual(
                "a red fish", model.toString(), 0, data.resolve("clip.mp4"), Optional.empty());
    }

    @Test
    void isSmallBesideTheTextEncoderThatComesInAJarOfItsOwn() throws IOException {
        long bytes = 0;
        for (Map.Entry<String, URL> file : new Starter().files().entrySet()) {
            if (!file.getKey().startsWith("text_encoder/")) {
                bytes += file.getValue().openConnection().getContentLengthLong();
            }
        }
        assertTrue(bytes > 0 && bytes <= MOST_BYTES, bytes + " bytes");
    }
}
