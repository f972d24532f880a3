package dev.zoetrope.app.library;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.media.FrameRange;
import dev.zoetrope.runtime.recipe.Circumstances;
import dev.zoetrope.runtime.recipe.Recipe;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;

/** What is said of a clip. */
final class ClipWords {
    private static final double BYTES_PER_MEGABYTE = 1e6;

    /** A setting and its value. */
    record Fact(String name, String value) {}

    private final Messages messages;
    private final DateTimeFormatter date;

    ClipWords(Messages messages) {
        this.messages = messages;
        date =
                DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                        .withLocale(messages.locale())
                        .withZone(ZoneId.systemDefault());
    }

    /** Its prompt, or what it was made from. */
    String title(Clip clip) {
        return title(clip.recipe());
    }

    private String title(Recipe recipe) {
        return switch (recipe) {
            case Recipe.Generated(GenerationRequest request, _, _)
                    when request.prompt().isBlank() ->
                    messages.get("library.unprompted");
            case Recipe.Generated(GenerationRequest request, _, _) -> request.prompt().strip();
            case Recipe.Reconstructed(ReconstructionRequest request, _) ->
                    messages.get("library.rebuilt", request.input().getFileName());
            case Recipe.Reencoded _, Recipe.Excerpt _ -> title(recipe.made());
        };
    }

    /** In a few words under its picture. */
    String summary(Clip clip) {
        return switch (clip.whole()) {
            case Recipe.Generated(_, _, Recipe.Settings made) ->
                    messages.get(
                            "library.summary",
                            clip.model(),
                            made.width(),
                            made.height(),
                            frames(clip, made) / made.fps());
            case Recipe _ -> clip.model();
        };
    }

    /** All of it. */
    List<Fact> facts(Clip clip) {
        List<Fact> facts = new ArrayList<>();
        fact(facts, "library.model", clip.model());
        if (clip.recipe() instanceof Recipe.Excerpt(_, FrameRange part)) {
            fact(
                    facts,
                    "library.excerpt",
                    messages.get("library.excerpt.value", part.first() + 1, part.last() + 1));
        }
        if (clip.recipe() instanceof Recipe.Reencoded(_, List<String> from)) {
            fact(facts, "library.reencoded", from.getLast());
        }
        switch (clip.whole()) {
            case Recipe.Generated(GenerationRequest request, _, Recipe.Settings made) -> {
                fact(
                        facts,
                        "library.size",
                        messages.get("library.size.value", made.width(), made.height()));
                fact(
                        facts,
                        "library.length",
                        messages.get(
                                "library.length.value",
                                frames(clip, made),
                                frames(clip, made) / made.fps(),
                                made.fps()));
                fact(facts, "library.sampler", made.sampler());
                fact(facts, "library.steps", messages.get("library.whole", made.steps()));
                fact(facts, "library.guidance", messages.get("library.real", made.guidance()));
                fact(facts, "library.seed", String.valueOf(request.seed()));
                request.image()
                        .ifPresent(image ->
                                fact(facts, "library.image", String.valueOf(image.getFileName())));
            }
            case Recipe.Reconstructed(ReconstructionRequest request, _) -> {
                request.resolution()
                        .ifPresent(side ->
                                fact(
                                        facts,
                                        "library.side",
                                        messages.get("library.side.value", side)));
                fact(
                        facts,
                        "library.start",
                        messages.get("library.start.value", request.startSeconds()));
            }
            case Recipe.Reencoded _, Recipe.Excerpt _ -> {}
        }
        Circumstances made = clip.recipe().circumstances();
        fact(facts, "library.precision", made.precision().name());
        fact(facts, "library.device", made.device());
        fact(facts, "library.version", made.version());
        fact(facts, "library.changed", date.format(clip.changed()));
        if (clip.bytes() > 0) {
            fact(facts, "library.bytes", bytes(clip.bytes()));
        }
        fact(facts, "library.file", String.valueOf(clip.file().getFileName()));
        return facts;
    }

    private static int frames(Clip clip, Recipe.Settings made) {
        return clip.recipe() instanceof Recipe.Excerpt(_, FrameRange part)
                ? part.frames()
                : made.frames();
    }

    private String bytes(long bytes) {
        return bytes < BYTES_PER_MEGABYTE
                ? messages.get("library.kilobytes", bytes / 1e3)
                : messages.get("library.megabytes", bytes / BYTES_PER_MEGABYTE);
    }

    private void fact(List<Fact> facts, String key, String value) {
        facts.add(new Fact(messages.get(key), value));
    }
}
