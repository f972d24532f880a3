package dev.zoetrope.app.generate;

import dev.zoetrope.app.text.Messages;

import javafx.beans.property.IntegerProperty;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;

import java.util.List;
import java.util.function.Function;

/** A slider that stands at one of a few values, with a tick below the one that was trained. */
final class StopSlider extends VBox {
    private static final double TICK_WIDTH = 2;
    private static final double TICK_HEIGHT = 5;

    /** Half the thumb, by which the ends of the track are inside the slider's. */
    private static final double INSET = 8;

    private final Slider slider = new Slider();
    private final Label value = new Label();
    private final Region tick = new Region();
    private final Region ticks =
            new Region() {
                {
                    getChildren().add(tick);
                }

                @Override
                protected void layoutChildren() {
                    double span = Math.max(1, slider.getMax());
                    double x = INSET + (getWidth() - 2 * INSET) * trained / span;
                    tick.resizeRelocate(
                            snapPositionX(x - TICK_WIDTH / 2), 0, TICK_WIDTH, TICK_HEIGHT);
                }

                @Override
                protected double computePrefHeight(double width) {
                    return TICK_HEIGHT;
                }
            };
    private int trained;
    private Subscription words = Subscription.EMPTY;

    /**
     * @param key of the name, which has a mnemonic
     * @param chosen index of the stop, in both directions
     */
    StopSlider(Messages messages, String key, IntegerProperty chosen) {
        String name = messages.get(key);
        getStyleClass().add("stop-slider");
        var label = new Label(name);
        label.setMnemonicParsing(true);
        label.setLabelFor(slider);
        label.getStyleClass().add("name");
        value.getStyleClass().add("value");
        var gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        tick.getStyleClass().add("trained");
        slider.setAccessibleText(name.replace("_", ""));
        slider.setBlockIncrement(1);
        slider.setMajorTickUnit(1);
        slider.setMinorTickCount(0);
        slider.setSnapToTicks(true);
        // Only what changes: one that is made for another language begins where the choice is.
        slider.valueProperty()
                .subscribe((_, position) -> chosen.set((int) Math.round(position.doubleValue())));
        chosen.when(messages.spoken())
                .subscribe(stop -> {
                    // A thumb that is dragged between two stops stays under the hand.
                    if (Math.round(slider.getValue()) != stop.intValue()) {
                        slider.setValue(stop.intValue());
                    }
                });
        getChildren().addAll(new HBox(label, gap, value), slider, ticks);
    }

    /** Stands at other values; the chosen one is among them. */
    <T> void offer(List<T> values, int trainedStop, int chosen, Function<T, String> text) {
        trained = trainedStop;
        slider.setMax(values.size() - 1.0);
        slider.setValue(chosen);
        ticks.requestLayout();
        words.unsubscribe();
        words =
                slider.valueProperty()
                        .subscribe(position -> {
                            int stop = (int) Math.round(position.doubleValue());
                            value.setText(text.apply(values.get(stop)));
                        });
    }
}
