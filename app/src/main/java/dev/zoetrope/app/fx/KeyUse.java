package dev.zoetrope.app.fx;

import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ComboBoxBase;
import javafx.scene.control.MenuBar;
import javafx.scene.control.Slider;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.TitledPane;
import javafx.scene.control.Toggle;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

import org.jspecify.annotations.Nullable;

/** Which plain keys belong to the control with the focus before they belong to a page. */
public final class KeyUse {
    private KeyUse() {}

    /** Whether a key is pressed by itself, or with Shift. */
    public static boolean plain(KeyEvent event) {
        return !event.isShortcutDown() && !event.isAltDown() && !event.isMetaDown();
    }

    /** Whether a control has its own use for a key; text takes them all. */
    public static boolean of(@Nullable Node focused, KeyCode key) {
        if (focused instanceof TextInputControl) {
            return true;
        }
        return switch (key) {
            case SPACE ->
                    focused instanceof ButtonBase
                            || focused instanceof ComboBoxBase<?>
                            || focused instanceof TitledPane
                            || focused instanceof MenuBar;
            case LEFT, RIGHT ->
                    focused instanceof MenuBar
                            || focused instanceof Slider
                            || (focused instanceof Toggle choice
                                    && choice.getToggleGroup() != null);
            case HOME, END -> focused instanceof Slider;
            default -> false;
        };
    }
}
