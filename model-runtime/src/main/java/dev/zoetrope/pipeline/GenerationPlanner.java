package dev.zoetrope.pipeline;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.pipeline.Preparation.Told;
import dev.zoetrope.pipeline.PromptReader.Reading;
import dev.zoetrope.prompt.Tokenizers;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.ClipLengths;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.generation.Prompting;
import dev.zoetrope.runtime.media.FrameSize;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.sampling.Samplers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings what was asked for to what a model can make: sizes to whole patches, lengths to whole
 * latent frames, everything unsaid to how the model was published.
 */
final class GenerationPlanner {
    /** Times as much as trained, or as little, from which a clip can be expected to suffer. */
    private static final double FAR = 4;

    private final GenerationRequest request;
    private final GenerationModel model;
    private final Tokenizers tokenizers;
    private final ModelAbilities abilities;
    private final List<Notice> notices = new ArrayList<>();

    private GenerationPlanner(
            GenerationRequest request, GenerationModel model, Tokenizers tokenizers) {
        this.request = request;
        this.model = model;
        this.tokenizers = tokenizers;
        this.abilities = model.abilities();
    }

    /**
     * What the request comes to.
     *
     * @param tokenizers in use, among which the model's is kept
     * @throws ProblemException when the model cannot make anything like it
     */
    static Preparation prepare(
            GenerationRequest request, GenerationModel model, Tokenizers tokenizers) {
        return new GenerationPlanner(request, model, tokenizers).prepare();
    }

    private Preparation prepare() {
        if (request.image().isPresent() && !abilities.firstFrame()) {
            throw new Impossible.FirstFrameRefused(abilities.denoiser()).asException();
        }
        LatentLayout latents = model.denoiser().latents();
        FrameSize size = size();
        double fps = request.fps().orElse(abilities.fps());
        int frames = frames(fps);
        int steps = request.steps().orElse(abilities.steps());
        String sampler = request.sampler().orElse(abilities.sampler());
        Samplers.named(sampler, model.scheduler(), latents.channelAxis()).plan(steps);
        Told told = told();
        int latentFrames = abilities.lengths().latentFrames(frames);
        int stride = model.codec().grid().stride();
        int rows = size.height() / stride;
        int columns = size.width() / stride;
        int patch = latents.patch();
        GenerationPlan plan =
                new GenerationPlan(
                        request.model(),
                        abilities.denoiser(),
                        abilities.codec(),
                        told instanceof Told.Texts(Reading prompt, _)
                                ? prompt.text()
                                : request.prompt().strip(),
                        told instanceof Told.Texts(Reading prompt, _)
                                ? Optional.of(prompt.typed())
                                : Optional.empty(),
                        told instanceof Told.Texts(_, Reading negative)
                                ? Optional.of(negative.typed())
                                : Optional.empty(),
                        size.width(),
                        size.height(),
                        frames,
                        fps,
                        List.of(latentFrames, rows, columns),
                        (long) latentFrames * (rows / patch) * (columns / patch),
                        sampler,
                        steps,
                        guidance(),
                        precision(),
                        notices);
        return new Preparation(request, model, plan, told);
    }

    private Precision precision() {
        return Kernels.precision(request.precision());
    }

    /** As large as trained where no size was asked for, in the shape that was asked for. */
    private FrameSize size() {
        double nativeWidth = abilities.width();
        double nativeHeight = abilities.height();
        double ratio = request.aspect().map(AspectRatio::ratio).orElse(nativeWidth / nativeHeight);
        double width = Math.sqrt(nativeWidth * nativeHeight * ratio);
        if (request.resolution().isPresent()) {
            width = request.resolution().getAsInt() * Math.max(1, ratio);
        }
        FrameSize size = abilities.nearest(width, width / ratio);
        FrameSize asked = new FrameSize((int) Math.round(width / ratio), (int) Math.round(width));
        if (request.resolution().isPresent() && !size.equals(asked)) {
            notices.add(
                    new Notice.SizeSnapped(
                            size.width(),
                            size.height(),
                            asked.width(),
                            asked.height(),
                            abilities.sizeMultiple()));
        }
        double times = (double) size.width() * size.height() / (nativeWidth * nativeHeight);
        if (times > FAR || times < 1 / FAR) {
            notices.add(
                    new Notice.FarFromTraining(
                            "size",
                            "%d x %d".formatted(size.width(), size.height()),
                            "%.0f x %.0f".formatted(nativeWidth, nativeHeight)));
        }
        return size;
    }

    private int frames(double fps) {
        int asked =
                switch (request.length().orElse(new ClipLength.Frames(abilities.frames()))) {
                    case ClipLength.Frames(int count) -> count;
                    case ClipLength.Seconds(double count) ->
                            (int) Math.max(1, Math.round(Math.min(count * fps, 1e6)));
                };
        ClipLengths lengths = abilities.lengths();
        int frames = lengths.nearest(asked);
        if (frames != asked) {
            notices.add(new Notice.LengthSnapped(frames, asked, lengths.rule()));
        }
        if (frames > FAR * abilities.frames()) {
            notices.add(
                    new Notice.FarFromTraining(
                            "length", frames + " frames", abilities.frames() + " frames"));
        }
        return frames;
    }

    private double guidance() {
        if (abilities.prompting() instanceof Prompting.Nothing) {
            request.guidance().ifPresent(_ -> ignored("Guidance", "this model takes no prompt"));
            return 1;
        }
        return request.guidance().orElse(abilities.guidance());
    }

    private Told told() {
        boolean negative = !request.negative().isBlank();
        return switch (abilities.prompting()) {
            case Prompting.Nothing _ -> {
                if (negative || !request.prompt().isBlank()) {
                    ignored("The prompt", "this model takes none");
                }
                yield new Told.Nothing();
            }
            case Prompting.ByClass classes -> {
                if (negative) {
                    ignored("The negative prompt", "this model is told a class, not a text");
                }
                yield new Told.Label(label(request.prompt(), classes));
            }
            case Prompting.ByText _ -> texts();
        };
    }

    private Told texts() {
        PromptReader reader = new PromptReader(model, tokenizers);
        return new Told.Texts(
                reader.read(request.prompt(), request.seed(), notices),
                reader.read(request.negative(), request.seed(), notices));
    }

    private void ignored(String what, String why) {
        notices.add(new Notice.Ignored(what, why));
    }

    /**
     * The class that a prompt names, by number or by name.
     *
     * @throws ProblemException when it names none
     */
    private static long label(String prompt, Prompting.ByClass classes) {
        String wanted = prompt.strip();
        List<String> names = classes.names();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(wanted)) {
                return i;
            }
        }
        if (wanted.matches("\\d{1,9}") && Long.parseLong(wanted) < classes.count()) {
            return Long.parseLong(wanted);
        }
        throw new Impossible.ClassUnknown(
                        wanted, classes.count(), names.subList(0, Math.min(10, names.size())))
                .asException();
    }
}
