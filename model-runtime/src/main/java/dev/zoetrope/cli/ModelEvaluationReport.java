package dev.zoetrope.cli;

import dev.zoetrope.runtime.generation.JudgedClip;
import dev.zoetrope.runtime.job.JobListener;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What clips of a model show of what it was told, counted. */
final class ModelEvaluationReport implements JobListener<JudgedClip> {
    private final int prompts;
    private final boolean json;
    private final @Nullable ContactSheet sheet;
    private final Progress progress;
    private final Map<String, Integer> shown = new LinkedHashMap<>();
    private final List<Failure> failures = new ArrayList<>();
    private int clips;

    /** A clip that does not show all that was meant. */
    private record Failure(String prompt, Map<String, String> meant, Map<String, String> seen) {
        static Optional<Failure> of(JudgedClip clip) {
            Map<String, String> wrong = new LinkedHashMap<>(clip.seen());
            wrong.keySet().removeIf(clip::shows);
            return wrong.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Failure(clip.prompt(), clip.meant(), wrong));
        }

        @Override
        public String toString() {
            List<String> differences = new ArrayList<>();
            seen.forEach((trait, value) ->
                    differences.add(
                            "%s %s instead of %s".formatted(trait, value, meant.get(trait))));
            return prompt + ": " + String.join(", ", differences);
        }
    }

    /**
     * What is printed as JSON.
     *
     * @param shown clips that show what was meant, by trait
     * @param failures with what was seen instead
     */
    private record Result(int clips, Map<String, Integer> shown, List<Failure> failures) {}

    /**
     * @param sheet for the contact sheet; null for none
     */
    ModelEvaluationReport(int prompts, boolean json, @Nullable ContactSheet sheet) {
        this.prompts = prompts;
        this.json = json;
        this.sheet = sheet;
        progress = new Progress(!json, "clips");
    }

    @Override
    public void onEvent(JudgedClip clip) {
        clips++;
        clip.meant()
                .keySet()
                .forEach(trait -> shown.merge(trait, clip.shows(trait) ? 1 : 0, Integer::sum));
        Optional<Failure> failure = Failure.of(clip);
        failure.ifPresent(failures::add);
        if (sheet != null) {
            sheet.add(
                    clip.frames(),
                    failure.map(Failure::toString).orElse(clip.prompt()),
                    failure.isEmpty());
        }
        progress.show(clips, prompts, "%d as told".formatted(clips - failures.size()));
    }

    /** Ends the line of progress. */
    void close() {
        progress.close();
    }

    /** Says how it went, and writes the sheet. */
    void print() {
        if (json) {
            Json.print(new Result(clips, shown, failures));
        } else {
            shown.forEach((trait, count) ->
                    System.out.printf(
                            "%-12s %5.1f %%  %d of %d%n",
                            trait, 100.0 * count / clips, count, clips));
            failures.forEach(failure -> System.out.println("Failed  " + failure));
        }
        if (sheet != null) {
            sheet.write();
        }
    }
}
