package dev.zoetrope.app.shell;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.fx.Hints;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;

/** The line at the bottom: with what Zoetrope computes, and what it is doing. */
final class StatusLine extends HBox {
    StatusLine(
            ObservableValue<String> equipment, ObservableValue<String> activity, SidePanel side) {
        getStyleClass().add("status-line");
        setAlignment(Pos.CENTER_LEFT);
        var means = new Label(null, new FontIcon(MaterialDesignC.CHIP));
        means.getStyleClass().add("equipment");
        means.textProperty().bind(equipment);
        var doing = new Label();
        doing.getStyleClass().add("activity");
        doing.textProperty().bind(activity);
        doing.setMinWidth(0);
        var gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        var beside = new ToggleButton(null, new FontIcon(side.icon()));
        beside.getStyleClass().add(Styles.FLAT);
        Hints.on(beside, side.name() + " (" + side.keys().getDisplayText() + ")");
        beside.textProperty().bind(side.title());
        beside.selectedProperty().bindBidirectional(side.shown());
        getChildren().addAll(means, gap, doing, beside);
    }
}
