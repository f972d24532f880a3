package dev.zoetrope.app.problem;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A problem as the window shows it.
 *
 * @param title three or four words
 * @param cause what is wrong
 * @param remedy what to do about it
 */
public record Explanation(String title, String cause, String remedy) {

    /** Explains a problem; the compiler lists what is not explained yet. */
    public static Explanation of(Problem problem, Messages messages) {
        List<String> said =
                switch (problem) {
                    case Problem.FileMissing(var file) -> messages.lines("problem.missing", file);
                    case Problem.FileInaccessible(var file, var reason) ->
                            messages.lines("problem.inaccessible", file, messages.phrase(reason));
                    case Problem.MediaUnreadable(var file, var reason) ->
                            messages.lines("problem.media", file, messages.phrase(reason));
                    case Problem.CheckpointUnknown(var file, var reason) ->
                            messages.lines(
                                    "problem.checkpoint.unknown", file, messages.phrase(reason));
                    case Problem.CheckpointDamaged(var file, var reason) ->
                            messages.lines(
                                    "problem.checkpoint.damaged", file, messages.phrase(reason));
                    case Problem.CheckpointUnsafe(var file, var request) ->
                            messages.lines("problem.checkpoint.unsafe", file, request);
                    case Problem.CheckpointMismatch mismatch -> mismatch(mismatch, messages);
                    case Problem.TokenizerMissing(var folder) ->
                            messages.lines("problem.tokenizer.missing", folder);
                    case Problem.TokenizerUnusable(var file, var reason) ->
                            messages.lines(
                                    "problem.tokenizer.unusable", file, messages.phrase(reason));
                    case Problem.ClipFaulty(var fault, var latents) ->
                            messages.lines("problem.clip", messages.phrase(fault), latents);
                    case Problem.RecipeUnreadable(var clip, var reason) ->
                            messages.lines("problem.recipe", clip, messages.phrase(reason));
                    case Problem.SettingsUnreadable(var kept) ->
                            messages.lines("problem.settings", kept);
                    case Problem.OutOfMemory(var work, var remedy) ->
                            messages.lines(
                                    "problem.memory",
                                    messages.phrase(work),
                                    messages.phrase(remedy));
                    case Problem.DownloadFailed(var from, var reason) ->
                            messages.lines("problem.download", from, messages.phrase(reason));
                    case Problem.DownloadWrong(var file, var from) ->
                            messages.lines("problem.download.wrong", file, from);
                    case Problem.JobParked(var times) -> messages.lines("problem.parked", times);
                    case Problem.EngineUnavailable(var reason) ->
                            messages.lines("problem.engine", messages.phrase(reason));
                    case Problem.Unexpected(var summary) ->
                            messages.lines("problem.unexpected", summary);
                    case Problem.ImpossibleRequest(var cause, var remedy) ->
                            List.of(messages.get("problem.impossible"), cause, remedy);
                    case Impossible asked ->
                            Stream.concat(
                                            Stream.of(messages.get("problem.impossible")),
                                            ImpossibleWords.of(asked, messages).stream())
                                    .toList();
                };
        return new Explanation(said.get(0), said.get(1), said.get(2));
    }

    private static List<String> mismatch(Problem.CheckpointMismatch it, Messages messages) {
        List<String> said =
                messages.lines("problem.checkpoint.mismatch", it.file(), it.architecture());
        String cause =
                Stream.of(
                                said.get(1),
                                tensors("problem.tensors.missing", it.missing(), messages),
                                tensors("problem.tensors.unexpected", it.unexpected(), messages),
                                tensors("problem.tensors.misshapen", it.misshapen(), messages))
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.joining(System.lineSeparator()));
        return List.of(said.get(0), cause, said.get(2));
    }

    private static String tensors(String key, List<String> names, Messages messages) {
        return names.isEmpty() ? "" : messages.get(key, String.join(", ", names));
    }

    /** All of it as text, to be put on the clipboard. */
    public String asText() {
        return String.join(System.lineSeparator(), title, cause, remedy);
    }
}
