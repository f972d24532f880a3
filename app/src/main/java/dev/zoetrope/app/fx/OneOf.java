package dev.zoetrope.app.fx;

import javafx.beans.value.ObservableValue;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;

import org.controlsfx.control.SegmentedButton;

import java.util.function.Consumer;

/** Buttons of which one is pressed at any time: that of the value which is chosen. */
public final class OneOf<T> {
    private final ToggleGroup group = new ToggleGroup();
    private final ObservableValue<T> chosen;
    private final Consumer<T> choose;

    /**
     * @param choose is told what has been pressed
     */
    public OneOf(ObservableValue<T> chosen, Consumer<T> choose) {
        this.chosen = chosen;
        this.choose = choose;
        group.selectedToggleProperty()
                .subscribe((before, now) -> {
                    if (now == null) {
                        before.setSelected(true);
                    }
                });
    }

    /** Makes a button stand for a value. */
    public ToggleButton button(T value, ToggleButton button) {
        button.setToggleGroup(group);
        chosen.subscribe(now -> {
            if (value.equals(now)) {
                button.setSelected(true);
            }
        });
        button.selectedProperty()
                .subscribe(selected -> {
                    if (selected) {
                        choose.accept(value);
                    }
                });
        return button;
    }

    /** Such buttons side by side. */
    public SegmentedButton row(ToggleButton... buttons) {
        var row = new SegmentedButton(buttons);
        row.setToggleGroup(group);
        return row;
    }
}
