package dev.zoetrope.app.fx;

import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.layout.StackPane;

import java.util.function.Supplier;

/** The place of something that is made when it is first shown, and takes no room while hidden. */
public final class Deferred extends StackPane {
    /**
     * A place that is empty at first, unless what it is for is shown at once.
     *
     * @param shown whether it is, never null
     */
    public Deferred(ObservableValue<Boolean> shown, Supplier<? extends Node> content) {
        visibleProperty().bind(shown);
        managedProperty().bind(visibleProperty());
        visibleProperty()
                .subscribe(visible -> {
                    if (visible && getChildren().isEmpty()) {
                        getChildren().add(content.get());
                    }
                });
    }
}
