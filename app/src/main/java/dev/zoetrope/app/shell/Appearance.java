package dev.zoetrope.app.shell;

import atlantafx.base.controls.ModalPane;
import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;

import com.google.common.base.Suppliers;

import dev.zoetrope.app.fx.Subscriptions;
import dev.zoetrope.app.settings.Settings;
import dev.zoetrope.app.settings.SettingsViewModel;
import dev.zoetrope.app.settings.Theme;
import dev.zoetrope.ui.Resources;

import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.value.ObservableValue;
import javafx.scene.Group;
import javafx.scene.Scene;
import javafx.scene.text.Font;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** How the window looks, by the settings: its colours, the size of its text, and what moves. */
public final class Appearance implements AutoCloseable {
    private static final double WIDTH = 1280;
    private static final double HEIGHT = 800;

    /** Of text at 100 %, in pixels; components.css measures everything else by it. */
    private static final double TEXT_SIZE = 13;

    private static final Supplier<List<Font>> FONTS = Suppliers.memoize(Appearance::loadedFonts);

    private final Scene scene = new Scene(new Group(), WIDTH, HEIGHT);
    private final SettingsViewModel settings;
    private final ReadOnlyBooleanWrapper dark = new ReadOnlyBooleanWrapper(this, "dark", true);
    private final Subscriptions subscriptions = new Subscriptions();

    public Appearance(SettingsViewModel settings) {
        this.settings = settings;
        loadFonts();
        subscriptions.follow(settings.settingsProperty().map(Settings::look), _ -> apply());
        var system = Platform.getPreferences().colorSchemeProperty();
        subscriptions.add(system.subscribe((_, _) -> apply())::unsubscribe);
    }

    /** What the window shows. */
    public Scene scene() {
        return scene;
    }

    /** Whether light stands on dark. */
    ReadOnlyBooleanProperty darkProperty() {
        return dark.getReadOnlyProperty();
    }

    /** Whether things may move only where that says something. */
    public ObservableValue<Boolean> reducedMotion() {
        return scene.getPreferences().reducedMotionProperty();
    }

    /** Changes from dark to light, or back. */
    void toggleTheme() {
        settings.change(
                now -> now.look(look -> look.withTheme(dark.get() ? Theme.LIGHT : Theme.DARK)));
    }

    /** Has sheets come and go at once where motion is reduced. */
    void calm(ModalPane sheets) {
        if (scene.getPreferences().isReducedMotion()) {
            sheets.setInTransitionFactory(null);
            sheets.setOutTransitionFactory(null);
        }
    }

    @Override
    public void close() {
        subscriptions.close();
    }

    private void apply() {
        Settings.Look chosen = settings.settings().look();
        dark.set(
                switch (chosen.theme()) {
                    case DARK -> true;
                    case LIGHT -> false;
                    case SYSTEM -> Platform.getPreferences().getColorScheme() == ColorScheme.DARK;
                });
        scene.getPreferences().setReducedMotion(chosen.reducedMotion().orElse(null));
        var controls = dark.get() ? new PrimerDark() : new PrimerLight();
        URL colours = dark.get() ? Resources.dark() : Resources.light();
        Application.setUserAgentStylesheet(controls.getUserAgentStylesheet());
        scene.getStylesheets()
                .setAll(
                        colours.toExternalForm(),
                        Resources.components().toExternalForm(),
                        textSize(chosen.textPercent()));
    }

    /**
     * Of words, and of icons as large as that. A style sheet rather than a style of the root, which
     * popups would not have; and no em for icons, whose own font is as large as they are.
     */
    private static String textSize(int percent) {
        double scale = percent / 100.0;
        return String.format(
                Locale.ROOT,
                "data:text/css,.root%%7B-fx-font-size:%.2fpx;-zoe-icon-small:%.0fpx;"
                        + "-zoe-icon:%.0fpx;-zoe-icon-large:%.0fpx;-zoe-icon-huge:%.0fpx%%7D",
                TEXT_SIZE * scale,
                15 * scale,
                18 * scale,
                22 * scale,
                48 * scale);
    }

    /** Makes the fonts known that the style sheets name: once, whoever asks first. */
    public static void loadFonts() {
        var _ = FONTS.get();
    }

    private static List<Font> loadedFonts() {
        return Resources.fonts().stream().map(Appearance::loadFont).toList();
    }

    private static Font loadFont(URL url) {
        try (InputStream content = url.openStream()) {
            Font font = Font.loadFont(content, TEXT_SIZE);
            if (font == null) {
                throw new IOException("not a font: " + url);
            }
            return font;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
