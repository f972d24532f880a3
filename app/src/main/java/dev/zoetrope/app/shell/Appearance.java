package dev.zoetrope.app.shell;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;

import dev.zoetrope.app.settings.Theme;
import dev.zoetrope.ui.Resources;

import javafx.application.Application;
import javafx.scene.Scene;
import javafx.scene.text.Font;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;

/** Fonts and style sheets. */
final class Appearance {
    private static final double ANY_SIZE = 13;

    private Appearance() {}

    /** Makes the fonts known that the style sheets name; once, before the first window. */
    static void loadFonts() {
        for (URL url : Resources.fonts()) {
            try (InputStream font = url.openStream()) {
                if (Font.loadFont(font, ANY_SIZE) == null) {
                    throw new IOException("not a font: " + url);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Dresses a window in a theme. */
    static void apply(Theme theme, Scene scene) {
        var controls = theme == Theme.DARK ? new PrimerDark() : new PrimerLight();
        URL colours = theme == Theme.DARK ? Resources.dark() : Resources.light();
        Application.setUserAgentStylesheet(controls.getUserAgentStylesheet());
        scene.getStylesheets()
                .setAll(colours.toExternalForm(), Resources.components().toExternalForm());
    }
}
