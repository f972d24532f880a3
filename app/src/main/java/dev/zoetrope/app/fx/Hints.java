package dev.zoetrope.app.fx;

import javafx.scene.control.Control;
import javafx.scene.control.Tooltip;

/** Words beside the pointer, made when it first comes: most of a window's are never seen. */
public final class Hints {
    private Hints() {}

    /** Has a control explained, in the place of what it was explained with; empty: not at all. */
    public static void on(Control control, String words) {
        control.setTooltip(null);
        control.setOnMouseEntered(
                words.isEmpty()
                        ? null
                        : _ -> {
                            if (control.getTooltip() == null) {
                                control.setTooltip(new Tooltip(words));
                            }
                        });
    }
}
