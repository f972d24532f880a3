package dev.zoetrope.app.fx;

import atlantafx.base.theme.Styles;

import javafx.scene.control.ButtonBase;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;

/** Dresses buttons. */
public final class Buttons {
    private Buttons() {}

    /** Makes a button show an icon alone; the name is for screen readers and the tooltip. */
    public static <B extends ButtonBase> B icon(B button, Ikon icon, String name) {
        button.setGraphic(new FontIcon(icon));
        button.getStyleClass().addAll(Styles.BUTTON_ICON, Styles.FLAT);
        name(button, name);
        return button;
    }

    /** Changes what an icon button is called. */
    public static void name(ButtonBase button, String name) {
        button.setAccessibleText(name);
        Hints.on(button, name);
    }
}
