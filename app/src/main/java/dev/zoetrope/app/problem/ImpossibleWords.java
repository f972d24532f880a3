package dev.zoetrope.app.problem;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.problem.Impossible;

import java.util.List;

/** What is said of something that cannot be done: why, and what could be. */
final class ImpossibleWords {
    private static final double GB = 1e9;

    private ImpossibleWords() {}

    static List<String> of(Impossible what, Messages messages) {
        return switch (what) {
            case Impossible.ModelUnknown(var name, var installed) ->
                    messages.lines(
                            "impossible.model.unknown", name, listed(installed), installed.size());
            case Impossible.ModelNameUnusable(var name) ->
                    messages.lines("impossible.model.name", name);
            case Impossible.ModelNameTaken(var name) ->
                    messages.lines("impossible.model.taken", name);
            case Impossible.ModelBundled(var name) ->
                    messages.lines("impossible.model.bundled", name);
            case Impossible.CodecMissing() -> messages.lines("impossible.codec");
            case Impossible.GpuMissing _ -> messages.lines("impossible.gpu");
            case Impossible.GpuLibrariesNowhere() -> messages.lines("impossible.gpu.nowhere");
            case Impossible.GpuNotFound() -> messages.lines("impossible.gpu.none");
            case Impossible.GpuDriverOld(var gpu, var driver, var least) ->
                    messages.lines("impossible.gpu.driver", gpu, driver, least);
            case Impossible.GpuUnfit(var gpu, var capability) ->
                    messages.lines("impossible.gpu.unfit", gpu, capability);
            case Impossible.GpuLibrariesBusy() -> messages.lines("impossible.gpu.busy");
            case Impossible.RepositoryUnusable(var address) ->
                    messages.lines("impossible.repository", address);
            case Impossible.DiskTooSmall(var folder, var needed, var free) ->
                    messages.lines("impossible.disk", folder, needed / GB, free / GB);
            case Impossible.HalfOnProcessor() -> messages.lines("impossible.half");
            case Impossible.JobUnknown _ -> messages.lines("impossible.job");
            case Impossible.ClipBegun() -> messages.lines("impossible.begun");
            case Impossible.FirstFrameRefused(var denoiser) ->
                    messages.lines("impossible.image", denoiser);
            case Impossible.ClassUnknown(var asked, var classes, var some) ->
                    messages.lines(
                            asked.isEmpty() ? "impossible.class.none" : "impossible.class",
                            classes - 1,
                            listed(some),
                            some.size(),
                            asked);
            case Impossible.SamplerUnknown(var asked, var possible) ->
                    messages.lines("impossible.sampler", asked, listed(possible));
            case Impossible.StepsBeyond(var asked, var most) ->
                    messages.lines("impossible.steps.beyond", asked, most);
            case Impossible.StepsBelow(var asked, var least) ->
                    messages.lines("impossible.steps.below", asked, least);
            case Impossible.StepsUneven(var asked, var among) ->
                    messages.lines("impossible.steps.uneven", asked, among);
            case Impossible.FormatUnknown(var extension) ->
                    messages.lines("impossible.format", extension);
            case Impossible.SizeUnwritable(var width, var height, var format, var reason) ->
                    messages.lines(
                            "impossible.size", width, height, format, messages.phrase(reason));
            case Impossible.ExportOverItself(var clip) ->
                    messages.lines("impossible.itself", clip.getFileName());
            case Impossible.PictureTooLong(
                            var width,
                            var height,
                            var frameWidth,
                            var frameHeight) ->
                    messages.lines("impossible.picture", width, height, frameWidth, frameHeight);
            case Impossible.StartBeyondEnd(var seconds, var video) ->
                    messages.lines("impossible.start", seconds, video);
            case Impossible.DataSetUnknown(var name, var installed) ->
                    messages.lines("impossible.dataset", name, listed(installed), installed.size());
            case Impossible.NothingToLearn(var place, var unusable, var first) ->
                    first.map(problem -> Explanation.of(problem, messages).cause())
                            .map(cause ->
                                    messages.lines(
                                            "impossible.clips.unusable", place, unusable, cause))
                            .orElseGet(() -> messages.lines("impossible.clips", place));
            case Impossible.CaptionsUnreadable(var list, var line) ->
                    messages.lines("impossible.captions", list, line);
            case Impossible.RunOtherwise(var run) ->
                    messages.lines("impossible.run.otherwise", run);
            case Impossible.ClipsOtherwise(var latents) ->
                    messages.lines("impossible.run.clips", latents);
            case Impossible.ClassesBeyond(var classes, var known) ->
                    messages.lines("impossible.classes", classes, known);
            case Impossible.ShapeUnlearnable it ->
                    messages.lines(
                            "impossible.shape",
                            it.frames(),
                            it.width(),
                            it.height(),
                            it.multiple(),
                            it.nearest());
            case Impossible.DenoiserUntrainable(var config, var className) ->
                    messages.lines("impossible.denoiser", config, className, className.length());
            case Impossible.TrainingDiverged(var step, _, _) ->
                    messages.lines("impossible.diverged", step);
            case Impossible.ClipsUnchosen() -> messages.lines("impossible.unchosen");
            case Impossible.RunNameUnusable(var name) ->
                    messages.lines("impossible.run.name", name);
            case Impossible.StepsMistyped(var typed) ->
                    messages.lines("impossible.steps.typed", typed);
            case Impossible.GuidanceMistyped(var typed) ->
                    messages.lines("impossible.guidance", typed);
            case Impossible.SeedMistyped(var typed) -> messages.lines("impossible.seed", typed);
            case Impossible.StartMistyped(var typed) ->
                    messages.lines("impossible.start.typed", typed);
            case Impossible.FramesMistyped(var typed) -> messages.lines("impossible.frames", typed);
            case Impossible.ShapeMistyped(var typed) ->
                    messages.lines("impossible.shape.typed", typed);
        };
    }

    private static String listed(List<String> names) {
        return String.join(", ", names);
    }
}
