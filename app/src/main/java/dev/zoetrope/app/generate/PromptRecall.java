package dev.zoetrope.app.generate;

import java.util.ArrayList;
import java.util.List;

/** Goes back and forth between earlier prompts and the one that is being written. */
final class PromptRecall {
    private final List<String> earlier = new ArrayList<>();
    private int at;
    private String draft = "";

    /**
     * Begins anew, behind the newest.
     *
     * @param prompts the oldest first
     */
    void remember(List<String> prompts) {
        earlier.clear();
        earlier.addAll(prompts);
        at = earlier.size();
    }

    /** Adds the newest, and begins anew behind it. */
    void add(String prompt) {
        earlier.remove(prompt);
        earlier.add(prompt);
        at = earlier.size();
    }

    boolean isEmpty() {
        return earlier.isEmpty();
    }

    /** The prompt before this one; this one where there is none. */
    String older(String shown) {
        if (at == earlier.size()) {
            draft = shown;
            // What is shown already is no step back.
            if (at > 0 && earlier.getLast().equals(shown)) {
                at--;
            }
        }
        if (at == 0) {
            return shown;
        }
        return earlier.get(--at);
    }

    /** The prompt after this one, and at last what was being written. */
    String newer(String shown) {
        if (at == earlier.size()) {
            return shown;
        }
        at++;
        return at == earlier.size() ? draft : earlier.get(at);
    }
}
