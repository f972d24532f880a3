package dev.zoetrope.pipeline;

import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.Prompting;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.sampling.Samplers;
import dev.zoetrope.sampling.SchedulerConfig;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A model folder with all that a clip takes, in diffusers' layout: {@code transformer}, {@code
 * vae}, and where there is one {@code scheduler}, beside the {@code zoetrope.json} of Zoetrope's
 * own.
 */
record GenerationModel(
        Path folder,
        DenoiserCheckpoint denoiser,
        CodecCheckpoint codec,
        SchedulerConfig scheduler,
        ModelCard card) {
    /**
     * Opens a model folder; no weight is read yet.
     *
     * @throws ProblemException when something is missing, damaged or does not fit together
     */
    static GenerationModel open(Path folder) {
        DenoiserCheckpoint denoiser = DenoiserCheckpoint.open(part(folder, "transformer"));
        CodecCheckpoint codec = CodecCheckpoint.open(part(folder, "vae"));
        int channels = denoiser.latents().channels();
        if (codec.latentChannels() != channels) {
            throw new Problem.CheckpointUnknown(
                            folder,
                            "its denoiser makes latents of %d channels and its codec has %d"
                                    .formatted(channels, codec.latentChannels()))
                    .asException();
        }
        Path scheduler = folder.resolve("scheduler").resolve("scheduler_config.json");
        return new GenerationModel(
                folder,
                denoiser,
                codec,
                SchedulerConfig.parse(
                        Files.exists(scheduler)
                                ? Component.readJson(scheduler).toString()
                                : denoiser.published().scheduler()),
                Component.read(folder.resolve("zoetrope.json"), ModelCard.class)
                        .orElseGet(ModelCard::empty));
    }

    /**
     * What it can make: what its publisher says, and where they say nothing what it was trained on.
     */
    ModelAbilities abilities() {
        LatentLayout latents = denoiser.latents();
        CodecGrid grid = codec.grid();
        DenoiserCheckpoint.Published published = denoiser.published();
        return new ModelAbilities(
                denoiser.architecture(),
                codec.architecture(),
                Objects.requireNonNullElse(card.width(), latents.columns() * grid.stride()),
                Objects.requireNonNullElse(card.height(), latents.rows() * grid.stride()),
                Objects.requireNonNullElseGet(
                        card.frames(), () -> grid.lengths().frames(latents.frames())),
                Objects.requireNonNullElse(card.fps(), published.fps()),
                grid.stride() * latents.patch(),
                grid.lengths(),
                prompting(),
                Samplers.defaultName(scheduler),
                Samplers.names(scheduler),
                Objects.requireNonNullElse(card.steps(), published.steps()),
                Objects.requireNonNullElse(card.guidance(), published.guidance()),
                Optional.ofNullable(card.licence()));
    }

    private Prompting prompting() {
        return switch (denoiser.conditioning()) {
            case Conditioning.None _ -> new Prompting.Nothing();
            case Conditioning.ByLabel(int classes) -> new Prompting.ByClass(classes, card.labels());
            case Conditioning.ByText(_, int words) -> new Prompting.ByText(words);
        };
    }

    /** Whether a place looks like such a folder. */
    static boolean isOne(Path place) {
        return Files.isDirectory(place.resolve("transformer"))
                && Files.isDirectory(place.resolve("vae"));
    }

    private static Path part(Path folder, String name) {
        if (!Files.isDirectory(folder)) {
            throw new Problem.CheckpointUnknown(
                            folder,
                            "making clips takes a model folder with a transformer and a vae folder in it")
                    .asException();
        }
        Path part = folder.resolve(name);
        if (!Files.isDirectory(part)) {
            throw new Problem.CheckpointUnknown(
                            folder, "there is no folder named %s in it".formatted(name))
                    .asException();
        }
        return part;
    }
}
