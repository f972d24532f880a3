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
import java.util.stream.Stream;

/**
 * A model folder with all that a clip takes, in diffusers' layout: {@code transformer}, {@code
 * vae}, for models of text {@code text_encoder} and {@code tokenizer}, and where there is one
 * {@code scheduler}, beside the {@code zoetrope.json} of Zoetrope's own. As published, several
 * denoisers lie beside the one {@code vae} they share: then the denoiser's folder is the model.
 */
record GenerationModel(
        Path folder,
        DenoiserCheckpoint denoiser,
        CodecCheckpoint codec,
        Optional<TextPart> text,
        SchedulerConfig scheduler,
        ModelCard card) {
    static final String CARD = "zoetrope.json";

    static final String DENOISER = "transformer";
    static final String CODEC = "vae";
    static final String TEXT_ENCODER = "text_encoder";
    static final String TOKENIZER = "tokenizer";

    /** What reads prompts. */
    record TextPart(TextEncoderCheckpoint encoder, Path tokenizer) {}

    /**
     * Opens a model folder; no weight is read yet.
     *
     * @throws ProblemException when something is missing, damaged or does not fit together
     */
    static GenerationModel open(Path folder) {
        CodecCheckpoint codec = CodecCheckpoint.open(part(folder, CODEC));
        Path inside = folder.resolve(DENOISER);
        DenoiserCheckpoint denoiser =
                DenoiserCheckpoint.open(Files.isDirectory(inside) ? inside : folder);
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
                text(folder, denoiser.conditioning()),
                SchedulerConfig.parse(
                        Files.exists(scheduler)
                                ? Component.readJson(scheduler).toString()
                                : denoiser.published().scheduler()),
                Component.read(folder.resolve(CARD), ModelCard.class).orElseGet(ModelCard::empty));
    }

    private static Optional<TextPart> text(Path folder, Conditioning conditioning) {
        if (!(conditioning instanceof Conditioning.ByText byText)) {
            return Optional.empty();
        }
        Path place = part(folder, TEXT_ENCODER);
        TextEncoderCheckpoint encoder = TextEncoderCheckpoint.open(place);
        if (encoder.channels() != byText.channels()) {
            throw new Problem.CheckpointUnknown(
                            folder,
                            "its denoiser reads texts in %d channels and its text encoder has %d"
                                    .formatted(byText.channels(), encoder.channels()))
                    .asException();
        }
        // A text encoder as transformers saves it has its vocabulary beside its weights.
        return Optional.of(new TextPart(encoder, find(folder, TOKENIZER).orElse(place)));
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
                card.firstFrame(),
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
            case Conditioning.ByText(_, int words, _) -> new Prompting.ByText(words);
        };
    }

    /** Whether a place looks like such a folder. */
    static boolean isOne(Path place) {
        return find(place, CODEC).isPresent()
                && (Files.isDirectory(place.resolve(DENOISER))
                        || Component.weightsIn(place).isPresent());
    }

    private static Path part(Path folder, String name) {
        return find(folder, name)
                .orElseThrow(() ->
                        new Problem.CheckpointUnknown(
                                        folder,
                                        "to make clips it needs a folder named %s in it or beside it"
                                                .formatted(name))
                                .asException());
    }

    private static Optional<Path> find(Path folder, String name) {
        return Stream.of(folder.resolve(name), folder.resolveSibling(name))
                .filter(Files::isDirectory)
                .findFirst();
    }
}
