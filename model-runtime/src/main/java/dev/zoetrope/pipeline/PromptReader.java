package dev.zoetrope.pipeline;

import dev.zoetrope.prompt.PromptWeights;
import dev.zoetrope.prompt.Tokenizers;
import dev.zoetrope.prompt.Tokens;
import dev.zoetrope.prompt.Wildcards;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.generation.PromptReading;

import java.nio.file.Path;
import java.util.List;

/** Prompts as a model's text encoder reads them. */
final class PromptReader {
    private final Conditioning.ByText conditioning;
    private final TextEncoderCheckpoint encoder;
    private final Path tokenizer;
    private final Tokenizers tokenizers;

    /**
     * @param model that takes texts
     * @param tokenizers in use, among which its own is kept
     */
    PromptReader(GenerationModel model, Tokenizers tokenizers) {
        GenerationModel.TextPart part = model.text().orElseThrow();
        this.conditioning = (Conditioning.ByText) model.denoiser().conditioning();
        this.encoder = part.encoder();
        this.tokenizer = part.tokenizer();
        this.tokenizers = tokenizers;
    }

    /**
     * A prompt, read.
     *
     * @param text what is left when choices are made, weights taken out and oddities cleaned
     * @param tokens of the text, L of them
     * @param weights of the text's parts; none where the encoder is not told of them
     * @param typed what is told of it to whoever types it
     */
    record Reading(String text, Tokens tokens, PromptWeights weights, PromptReading typed) {}

    /**
     * Reads what was typed.
     *
     * @param seed of the clip, by which choices are made
     * @param notices is told what of it has no effect
     * @throws dev.zoetrope.runtime.problem.ProblemException when the tokenizer cannot be read
     */
    Reading read(String typed, long seed, List<? super Notice> notices) {
        Wildcards choices = Wildcards.parse(typed);
        PromptWeights weights = PromptWeights.parse(choices.expand(seed));
        String text = weights.text();
        if (conditioning.cleaner().isPresent()) {
            text = conditioning.cleaner().get().clean(text);
        }
        if (!encoder.honoursWeights()) {
            if (!weights.spans().isEmpty()) {
                notices.add(
                        new Notice.Ignored(
                                "The weight of words", "this model's text encoder knows none"));
            }
            weights = new PromptWeights(text, List.of());
        }
        Tokens tokens = tokenizers.encode(tokenizer, text, conditioning.words());
        tokens.cut().ifPresent(cut -> notices.add(new Notice.PromptCut(cut, conditioning.words())));
        return new Reading(
                text,
                tokens,
                weights,
                new PromptReading(
                        tokens.whole(),
                        conditioning.words(),
                        choices.variants(),
                        choices.slip().map(PromptReader::slip)));
    }

    private static PromptReading.Slip slip(Wildcards.Slip slip) {
        return new PromptReading.Slip(
                switch (slip) {
                    case Wildcards.Slip.Unclosed _ -> PromptReading.Slip.Kind.UNCLOSED;
                    case Wildcards.Slip.NothingToChoose _ ->
                            PromptReading.Slip.Kind.NOTHING_TO_CHOOSE;
                    case Wildcards.Slip.EmptyChoice _ -> PromptReading.Slip.Kind.EMPTY_CHOICE;
                },
                slip.text());
    }
}
