package dev.zoetrope.runtime.generation;

import dev.zoetrope.runtime.media.Frame;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A clip of an evaluated model, and what the critic said.
 *
 * @param prompt what the model was told
 * @param meant what that says, by trait
 * @param seen what the clip shows, by trait
 */
public record JudgedClip(
        String prompt, Map<String, String> meant, Map<String, String> seen, List<Frame> frames) {
    public JudgedClip {
        meant = Collections.unmodifiableMap(new LinkedHashMap<>(meant));
        seen = Collections.unmodifiableMap(new LinkedHashMap<>(seen));
        frames = List.copyOf(frames);
    }

    /** Whether the clip shows what was meant in one respect. */
    public boolean shows(String trait) {
        return Objects.equals(meant.get(trait), seen.get(trait));
    }
}
