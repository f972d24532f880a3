package dev.zoetrope.app;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.recipe.Circumstances;
import dev.zoetrope.runtime.recipe.Recipe;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Clips that say how they were made, and requests for such. */
public final class Clips {
    private static final Circumstances CIRCUMSTANCES =
            new Circumstances(
                    "0.1.0", "3f9c", "Intel Xeon, 2 threads, libtorch 2.7.1", Precision.FP32);

    private Clips() {}

    /** Asks for a clip. */
    public static GenerationRequest request(String prompt, String model, long seed, Path output) {
        return GenerationRequest.usual(prompt, model, seed, output, Optional.empty());
    }

    /** Asks for a video to be rebuilt. */
    public static ReconstructionRequest rebuilding(Path input, Path output) {
        return new ReconstructionRequest(
                input,
                "starter",
                OptionalInt.empty(),
                0,
                OptionalLong.empty(),
                output,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true);
    }

    /** What a clip says that was made so. */
    public static Recipe recipe(GenerationRequest request, PaperScene scene) {
        return new Recipe.Generated(
                request,
                CIRCUMSTANCES,
                new Recipe.Settings(
                        scene.width(),
                        scene.height(),
                        scene.frames(),
                        scene.fps(),
                        "dpm++2m",
                        30,
                        7.5));
    }

    /** Makes a clip, the more minutes after noon, the newer. */
    public static Path make(Path file, String prompt, String model, PaperScene scene, int minute)
            throws IOException {
        Recipe recipe = recipe(request(prompt, model, 42, file), scene);
        write(file, scene, recipe.tags());
        date(file, minute);
        return file;
    }

    /** Makes a clip that says nothing. */
    public static Path silent(Path file, PaperScene scene) throws IOException {
        write(file, scene, Map.of());
        return file;
    }

    /** Lets a file be of that minute after noon. */
    public static void date(Path file, int minute) throws IOException {
        Instant then = Instant.parse("2026-05-04T12:00:00Z").plusSeconds(60L * minute);
        Files.setLastModifiedTime(file, FileTime.from(then));
    }

    private static void write(Path file, PaperScene scene, Map<String, String> tags)
            throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (FrameWriter writer =
                FrameWriter.create(
                        file,
                        VideoFormat.of(file),
                        scene.width(),
                        scene.height(),
                        scene.fps(),
                        tags)) {
            for (int i = 0; i < scene.frames(); i++) {
                writer.write(scene.original(i));
            }
            writer.finish();
        }
    }
}
