package dev.zoetrope.app.shell;

import atlantafx.base.controls.ModalPane;

import com.google.common.collect.ImmutableList;

import dev.zoetrope.app.problem.ProblemBanner;
import dev.zoetrope.app.text.Messages;

import javafx.beans.value.ObservableValue;
import javafx.event.EventHandler;
import javafx.geometry.Pos;
import javafx.scene.Scene;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The frame around the pages, in one language. */
public final class MainWindow implements AutoCloseable {

    /** In a narrower window the side panel lies over the page instead of beside it. */
    private static final double ROOM_FOR_SIDE = 1180;

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
    private final Appearance appearance;

    // Held here, since what is bound to it both ways does not hold it.
    private final SidePanel side;
    private final Scene scene;
    private final List<Page> pages;
    private final Navigation navigation;
    private final StackPane root = new StackPane();
    private final ModalPane sheets = new ModalPane();
    private final EventHandler<KeyEvent> keys = this::onKey;
    private final BorderPane frame = new BorderPane();
    private final StackPane stage = new StackPane(new Region());

    /**
     * Takes the place of what the window showed; begins with the first page.
     *
     * @param banner lies above whichever page is shown
     * @param settings the page that is apart from the others
     * @param equipment with what Zoetrope computes, for the status line
     * @param activity what it is doing, for the status line
     */
    public MainWindow(
            List<Page> pages,
            Page settings,
            ProblemBanner banner,
            SidePanel side,
            Commands commands,
            Appearance appearance,
            ObservableValue<String> equipment,
            ObservableValue<String> activity,
            Messages messages) {
        this.messages = messages;
        this.appearance = appearance;
        this.side = side;
        this.scene = appearance.scene();
        this.pages = ImmutableList.<Page>builder().addAll(pages).add(settings).build();
        // A place to put sheets on is none for the focus.
        sheets.setFocusTraversable(false);
        navigation = new Navigation(pages, settings, appearance, messages, this::showShortcuts);
        frame.getStyleClass().add("main-window");
        frame.setTop(menus(pages, settings, commands));
        frame.setLeft(navigation);
        frame.setBottom(new StatusLine(equipment, activity, side));
        VBox.setVgrow(stage, Priority.ALWAYS);
        frame.setCenter(new VBox(banner, stage));
        navigation.pageProperty().subscribe(page -> stage.getChildren().set(0, page.view().get()));
        side.shown().subscribe(_ -> placeSide());
        root.getChildren().add(frame);
        scene.setRoot(root);
        scene.widthProperty()
                .map(width -> width.doubleValue() >= ROOM_FOR_SIDE)
                .when(messages.spoken())
                .subscribe(_ -> placeSide());
        scene.addEventFilter(KeyEvent.KEY_PRESSED, keys);
    }

    private void onKey(KeyEvent event) {
        if (!sheets.isDisplay()) {
            navigation.pageProperty().get().keys().handle(event);
        }
    }

    public Scene scene() {
        return scene;
    }

    /** Where the page that is shown stands among all. */
    public int shown() {
        return pages.indexOf(navigation.pageProperty().get());
    }

    /** Leads to the page that stands there among all. */
    public void show(int place) {
        show(pages.get(place));
    }

    /** Leads to a page of this window. */
    public void show(Page page) {
        navigation.pageProperty().set(page);
    }

    /** Whether that is the page that is shown. */
    public boolean isShown(Page page) {
        return navigation.pageProperty().get().equals(page);
    }

    private void placeSide() {
        frame.setRight(null);
        stage.getChildren().remove(side.view());
        if (side.shown().get() && scene.getWidth() >= ROOM_FOR_SIDE) {
            frame.setRight(side.view());
        } else if (side.shown().get()) {
            StackPane.setAlignment(side.view(), Pos.CENTER_RIGHT);
            stage.getChildren().add(side.view());
        }
    }

    private MenuBar menus(List<Page> pages, Page settings, Commands commands) {
        var file =
                new Menu(
                        messages.get("menu.file"),
                        null,
                        item("menu.open", shortcut(KeyCode.O), commands.open()),
                        new SeparatorMenuItem(),
                        item("menu.save", shortcut(KeyCode.S), commands.saveAs()),
                        item("menu.show", null, commands.showInFolder()),
                        new SeparatorMenuItem(),
                        item("menu.settings", shortcut(KeyCode.COMMA), () -> show(settings)),
                        new SeparatorMenuItem(),
                        item("menu.quit", shortcut(KeyCode.Q), commands.quit()));
        var view =
                new Menu(
                        messages.get("menu.view"),
                        null,
                        item("menu.theme", shortcut(KeyCode.T), appearance::toggleTheme));
        var besides = new CheckMenuItem(side.name());
        besides.setAccelerator(side.keys());
        besides.selectedProperty().bindBidirectional(side.shown());
        view.getItems().addAll(besides, new SeparatorMenuItem());
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

    /** Shows every key the window knows. */
    public void showShortcuts() {
        var sheet = new ShortcutSheet(messages);
        if (!root.getChildren().contains(sheets)) {
            root.getChildren().add(sheets);
            sheets.applyCss(); // makes the place for the sheet, which takes the focus below
        }
        appearance.calm(sheets);
        sheets.show(sheet);
        // The pane closes on Escape once the focus is inside.
        sheet.requestFocus();
    }

    /** Lets go of the window, which shows another frame from now on. */
    @Override
    public void close() {
        scene.removeEventFilter(KeyEvent.KEY_PRESSED, keys);
    }
}
