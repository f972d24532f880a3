package dev.zoetrope.cli;

import com.fasterxml.jackson.annotation.JsonRawValue;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.checkpoint.Inspection.Part;
import dev.zoetrope.runtime.checkpoint.Inspection.Role;
import dev.zoetrope.runtime.checkpoint.Inspection.Tensor;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.Prompting;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.FrameRange;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.recipe.Circumstances;
import dev.zoetrope.runtime.recipe.Recipe;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code zoetrope inspect}. */
@Command(
        name = "inspect",
        description = "Say what a weight file or a model folder is, or how a clip was made.")
final class InspectCommand implements Callable<Integer> {
    private static final int SHORT_LIST = 8;

    @Parameters(paramLabel = "FILE|DIR", description = "A weight file, a model folder or a clip.")
    private Path place;

    @Option(names = "--tensors", description = "List all tensors with their shapes.")
    private boolean all;

    @Option(names = "--json", description = "JSON instead of text.")
    private boolean json;

    InspectCommand() {}

    /**
     * A part as {@code --json} has it.
     *
     * @param types number of tensors of each number type
     * @param list of the tensors; null when not asked for
     */
    private record PartJson(
            Role role,
            String file,
            String format,
            String architecture,
            List<String> facts,
            int tensors,
            long parameters,
            long bytes,
            Map<String, Long> types,
            Map<String, String> metadata,
            @Nullable List<Tensor> list) {}

    /**
     * A clip as {@code --json} has it.
     *
     * @param recipe as the clip carries it; null without one
     * @param again the words that make it again
     */
    private record ClipJson(
            String clip,
            int width,
            int height,
            long frames,
            double fps,
            double seconds,
            String codec,
            boolean audio,
            @JsonRawValue @Nullable String recipe,
            List<String> again) {
        static ClipJson of(Path place, ClipInfo info, Optional<Recipe> recipe) {
            return new ClipJson(
                    place.toString(),
                    info.width(),
                    info.height(),
                    info.frames(),
                    info.fps(),
                    info.durationMicros() / 1e6,
                    info.codec(),
                    info.audio(),
                    recipe.map(Recipe::json).orElse(null),
                    recipe.map(CommandWords::of).orElse(List.of()));
        }
    }

    private record InspectionJson(
            String place, List<PartJson> parts, Optional<ModelAbilities> abilities) {}

    @Override
    public Integer call() {
        try (ModelRuntime runtime = LocalRuntime.open(UserFolders.ofThisSystem())) {
            Inspection found;
            try {
                found = runtime.inspect(place);
            } catch (ProblemException e) {
                if (e.problem() instanceof Problem.CheckpointUnknown) {
                    inspectClip(runtime, e);
                    return 0;
                }
                throw e;
            }
            if (json) {
                Json.print(
                        new InspectionJson(
                                place.toString(),
                                found.parts().stream().map(this::json).toList(),
                                found.abilities()));
            } else {
                found.parts().forEach(this::print);
                found.abilities().ifPresent(InspectCommand::print);
            }
            return 0;
        }
    }

    /**
     * Says what a clip is and how it was made.
     *
     * @param noModel what to throw when it is no clip either
     */
    private void inspectClip(ModelRuntime runtime, ProblemException noModel) {
        ClipInfo info;
        try (FrameReader reader = FrameReader.open(place)) {
            info = reader.info();
        } catch (ProblemException noClip) {
            noModel.addSuppressed(noClip);
            throw noModel;
        }
        Optional<Recipe> recipe = runtime.recipe(place);
        if (json) {
            Json.print(ClipJson.of(place, info, recipe));
        } else {
            print(info);
            recipe.ifPresentOrElse(InspectCommand::print, () -> line("Made by", "it does not say"));
        }
    }

    private void print(ClipInfo info) {
        line("File", place);
        line(
                "Clip",
                String.format(
                        Locale.ROOT,
                        "%d x %d, %d frames at %s per second (%.1f s), %s%s",
                        info.width(),
                        info.height(),
                        info.frames(),
                        Numbers.plain(info.fps()),
                        info.durationMicros() / 1e6,
                        info.codec(),
                        info.audio() ? " with sound" : ""));
    }

    private static void print(Recipe recipe) {
        Circumstances made = recipe.circumstances();
        switch (recipe) {
            case Recipe.Generated(var request, _, var settings) -> {
                line("Made by", "Zoetrope " + made.version());
                line("Prompt", request.prompt());
                if (!request.negative().isEmpty()) {
                    line("Not", request.negative());
                }
                request.image().ifPresent(image -> line("First frame", image));
                line("Model", request.model());
                line("", "fingerprint " + made.fingerprint());
                line(
                        "Sampler",
                        "%s, %d steps, guidance %s"
                                .formatted(
                                        settings.sampler(),
                                        settings.steps(),
                                        Numbers.plain(settings.guidance())));
                line("Seed", request.seed());
            }
            case Recipe.Reconstructed(var request, _) -> {
                line("Made by", "Zoetrope " + made.version());
                line("From", request.input());
                line("Codec", request.codec());
                line("", "fingerprint " + made.fingerprint());
            }
            case Recipe.Reencoded(Recipe first, List<String> from) -> {
                print(first);
                from.forEach(coded -> line("Encoded again", "from " + coded));
                return;
            }
            case Recipe.Excerpt(Recipe whole, FrameRange frames) -> {
                print(whole);
                line(
                        "Excerpt",
                        "frames %d to %d of that clip, written anew"
                                .formatted(frames.first() + 1, frames.last() + 1));
                return;
            }
        }
        line("Computed on", made.device());
        line("", "in " + made.precision());
        line("Again", CommandWords.quoted(CommandWords.of(recipe)));
    }

    private PartJson json(Part part) {
        return new PartJson(
                part.role(),
                part.file().toString(),
                part.format(),
                part.architecture(),
                part.facts(),
                part.tensors().size(),
                part.numbers(),
                part.bytes(),
                types(part),
                part.metadata(),
                all ? part.tensors() : null);
    }

    private static Map<String, Long> types(Part part) {
        Map<String, Long> types = new TreeMap<>();
        part.tensors().forEach(tensor -> types.merge(tensor.type(), 1L, Long::sum));
        return types;
    }

    private void print(Part part) {
        boolean unknown = part.role() == Role.UNKNOWN;
        line("File", part.file());
        line("Format", part.format());
        line(title(part.role()), part.architecture());
        part.facts().forEach(fact -> line("", fact));
        line(
                "Tensors",
                "%d with %,d numbers, %,d bytes"
                        .formatted(part.tensors().size(), part.numbers(), part.bytes()));
        types(part).forEach((type, n) -> line("", type + ": " + n));
        part.metadata().forEach((key, value) -> line("Metadata", key + "=" + value));
        int shown = all ? part.tensors().size() : unknown ? SHORT_LIST : 0;
        for (Tensor tensor : part.tensors().stream().limit(shown).toList()) {
            System.out.printf("%s  %s %s%n", tensor.name(), tensor.type(), tensor.shape());
        }
        if (unknown && shown < part.tensors().size()) {
            System.out.printf("and %d more; --tensors lists all%n", part.tensors().size() - shown);
        }
        System.out.println();
    }

    private static String title(Role role) {
        return switch (role) {
            case DENOISER -> "Denoiser";
            case CODEC -> "Codec";
            case TEXT_ENCODER -> "Text encoder";
            case UNKNOWN -> "Unknown";
        };
    }

    private static void print(ModelAbilities a) {
        List<String> made = new ArrayList<>();
        made.add(
                "%d x %d, %d frames at %s per second, as trained"
                        .formatted(a.width(), a.height(), a.frames(), Numbers.plain(a.fps())));
        made.add("other sizes in multiples of %d".formatted(a.sizeMultiple()));
        made.add("other lengths: %s frames".formatted(a.lengths().rule()));
        made.add(
                switch (a.prompting()) {
                    case Prompting.Nothing _ -> "without a prompt";
                    case Prompting.ByClass(int count, _) -> "of one of %d classes".formatted(count);
                    case Prompting.ByText(int tokens) ->
                            "from a prompt of up to %d tokens".formatted(tokens);
                });
        if (a.firstFrame()) {
            made.add("beginning with a picture, where one is given");
        }
        line("Makes clips", made.getFirst());
        made.stream().skip(1).forEach(more -> line("", more));
        line(
                "Sampler",
                "%s, %d steps, guidance %s"
                        .formatted(a.sampler(), a.steps(), Numbers.plain(a.guidance())));
        line("", "or " + String.join(", ", a.samplers()));
        a.licence().ifPresent(licence -> line("Licence", licence));
    }

    private static void line(String title, Object text) {
        System.out.printf("%-14s%s%n", title, text);
    }
}
