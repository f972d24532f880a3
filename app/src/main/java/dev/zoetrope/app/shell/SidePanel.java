package dev.zoetrope.app.shell;

import javafx.beans.property.BooleanProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Parent;
import javafx.scene.input.KeyCombination;

import org.kordamp.ikonli.Ikon;

/**
 * What can be beside the page, whichever that is.
 *
 * @param title what its button in the status line says
 * @param keys show and hide it
 */
public record SidePanel(
        String name,
        ObservableValue<String> title,
        Ikon icon,
        KeyCombination keys,
        Parent view,
        BooleanProperty shown) {}
