package dev.zoetrope.app.shell;

import atlantafx.base.controls.ModalPane;

import dev.zoetrope.app.settings.Theme;
import dev.zoetrope.app.text.Messages;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Scene;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The frame around the pages. */
public final class MainWindow {
    private static final double WIDTH = 1280;
    private static final double HEIGHT = 800;

    /**
     * What the menus do beyond the window itself.
     *
     * @param open asks for a video
     * @param saveAs asks where the result should go
     * @param showInFolder shows where the result is
     * @param quit ends the program
     */
    public record Commands(Runnable open, Runnable saveAs, Runnable showInFolder, Runnable quit) {}

    private final Messages messages;
    private final Scene scene;
    private final ObjectProperty<Theme> theme;
    private final Navigation navigation;
    private final ModalPane sheets = new ModalPane();

    /**
     * A window that shows the first page.
     *
     * @param equipment with what Zoetrope computes, for the status line
     * @param activity what it is doing, for the status line
     */
    public MainWindow(
            List<Page> pages,
            Commands commands,
            Theme first,
            ObservableValue<String> equipment,
            ObservableValue<String> activity,
            Messages messages) {
        this.messages = messages;
        this.theme = new SimpleObjectProperty<>(this, "theme", first);
        Appearance.loadFonts();
        // A place to put sheets on is none for the focus.
        sheets.setFocusTraversable(false);
        navigation = new Navigation(pages, theme, messages, this::showShortcuts);
        var frame = new BorderPane();
        frame.getStyleClass().add("main-window");
        frame.setTop(menus(pages, commands));
        frame.setLeft(navigation);
        frame.setBottom(new StatusLine(equipment, activity));
        navigation.pageProperty().subscribe(page -> frame.setCenter(page.view()));
        scene = new Scene(new StackPane(frame, sheets), WIDTH, HEIGHT);
        scene.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (!sheets.isDisplay()) {
                        navigation.pageProperty().get().keys().handle(event);
                    }
                });
        theme.subscribe(shown -> Appearance.apply(shown, scene));
    }

    public Scene scene() {
        return scene;
    }

    public ObjectProperty<Theme> themeProperty() {
        return theme;
    }

    /** Leads to a page of this window. */
    public void show(Page page) {
        navigation.pageProperty().set(page);
    }

    private MenuBar menus(List<Page> pages, Commands commands) {
        var file =
                new Menu(
                        messages.get("menu.file"),
                        null,
                        item("menu.open", shortcut(KeyCode.O), commands.open()),
                        new SeparatorMenuItem(),
                        item("menu.save", shortcut(KeyCode.S), commands.saveAs()),
                        item("menu.show", null, commands.showInFolder()),
                        new SeparatorMenuItem(),
                        item("menu.quit", shortcut(KeyCode.Q), commands.quit()));
        var view =
                new Menu(
                        messages.get("menu.view"),
                        null,
                        item(
                                "menu.theme",
                                shortcut(KeyCode.T),
                                () -> theme.set(theme.get().toggled())));
        view.getItems().add(new SeparatorMenuItem());
        for (int i = 0; i < pages.size(); i++) {
            Page page = pages.get(i);
            var item = new MenuItem(page.name());
            item.setAccelerator(shortcut(KeyCode.getKeyCode(String.valueOf(i + 1))));
            item.setOnAction(_ -> show(page));
            view.getItems().add(item);
        }
        var help =
                new Menu(
                        messages.get("menu.help"),
                        null,
                        item("menu.keys", new KeyCodeCombination(KeyCode.F1), this::showShortcuts));
        var bar = new MenuBar(file, view, help);
        bar.setUseSystemMenuBar(true);
        return bar;
    }

    private static KeyCombination shortcut(KeyCode key) {
        return new KeyCodeCombination(key, KeyCombination.SHORTCUT_DOWN);
    }

    private MenuItem item(String key, @Nullable KeyCombination keys, Runnable action) {
        var item = new MenuItem(messages.get(key));
        item.setAccelerator(keys);
        item.setOnAction(_ -> action.run());
        return item;
    }

    private void showShortcuts() {
        var sheet = new ShortcutSheet(messages);
        sheets.show(sheet);
        // The pane closes on Escape once the focus is inside.
        sheet.requestFocus();
    }
}
