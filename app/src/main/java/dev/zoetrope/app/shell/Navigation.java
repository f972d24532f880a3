package dev.zoetrope.app.shell;

import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.fx.OneOf;
import dev.zoetrope.app.text.Messages;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignK;
import org.kordamp.ikonli.materialdesign2.MaterialDesignW;

import java.util.List;

/** The rail at the left: one button per page, and what concerns the window as a whole. */
final class Navigation extends VBox {
    private final ObjectProperty<Page> page;

    Navigation(
            List<Page> pages,
            Page settings,
            Appearance appearance,
            Messages messages,
            Runnable showShortcuts) {
        page = new SimpleObjectProperty<>(this, "page", pages.getFirst());
        getStyleClass().add("navigation");
        var choice = new OneOf<>(page, page::set);
        for (Page offered : pages) {
            getChildren().add(choice.button(offered, button(offered)));
        }
        var gap = new Region();
        VBox.setVgrow(gap, Priority.ALWAYS);
        var shortcuts =
                Buttons.icon(
                        new Button(), MaterialDesignK.KEYBOARD_OUTLINE, messages.get("nav.keys"));
        shortcuts.setOnAction(_ -> showShortcuts.run());
        var toggle = new Button();
        toggle.setOnAction(_ -> appearance.toggleTheme());
        Buttons.icon(toggle, MaterialDesignW.WHITE_BALANCE_SUNNY, messages.get("nav.light"));
        appearance
                .darkProperty()
                .when(messages.spoken())
                .subscribe(dark -> {
                    toggle.setGraphic(
                            new FontIcon(
                                    dark
                                            ? MaterialDesignW.WHITE_BALANCE_SUNNY
                                            : MaterialDesignW.WEATHER_NIGHT));
                    Buttons.name(toggle, messages.get(dark ? "nav.light" : "nav.dark"));
                });
        getChildren().addAll(gap, shortcuts, toggle, choice.button(settings, button(settings)));
    }

    private static ToggleButton button(Page page) {
        var button = new ToggleButton(page.name(), new FontIcon(page.icon()));
        button.getStyleClass().add("page-button");
        button.setContentDisplay(ContentDisplay.TOP);
        button.setMaxWidth(Double.MAX_VALUE);
        return button;
    }

    /** The page that is shown. */
    ObjectProperty<Page> pageProperty() {
        return page;
    }
}
