package dev.zoetrope.app.library;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.generation.GenerationRequest;

import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.stage.WindowEvent;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** All that can be done with the clips that are selected. */
final class ClipMenu extends ContextMenu {
    private final LibraryViewModel model;
    private final Messages messages;

    /**
     * @param useSettings makes use of how a clip was made
     * @param export writes a clip to one more place
     * @param reveal shows where a clip is
     */
    ClipMenu(
            LibraryViewModel model,
            Messages messages,
            Consumer<GenerationRequest> useSettings,
            Consumer<Clip> export,
            Consumer<Clip> reveal) {
        this.model = model;
        this.messages = messages;
        MenuItem use = one("library.use", null, clip -> clip.request().ifPresent(useSettings));
        MenuItem compare =
                item(
                        "library.compare",
                        new KeyCodeCombination(KeyCode.C),
                        () ->
                                model.compare(
                                        model.selection().getFirst(), model.selection().getLast()));
        MenuItem star =
                item(
                        "library.star.menu",
                        new KeyCodeCombination(KeyCode.S),
                        () -> model.toggleStars(model.chosen()));
        MenuItem delete =
                item(
                        "library.delete",
                        new KeyCodeCombination(KeyCode.DELETE),
                        () -> model.delete(model.chosen()));
        getItems()
                .addAll(
                        one("library.open", new KeyCodeCombination(KeyCode.ENTER), model::watch),
                        use,
                        compare,
                        new SeparatorMenuItem(),
                        star,
                        one(
                                "library.export",
                                new KeyCodeCombination(KeyCode.E, KeyCombination.SHORTCUT_DOWN),
                                export),
                        one("library.reveal", null, reveal),
                        new SeparatorMenuItem(),
                        delete);
        addEventHandler(
                WindowEvent.WINDOW_SHOWING,
                _ -> {
                    compare.setDisable(model.selection().size() != 2);
                    use.setDisable(model.detailedProperty().get().flatMap(Clip::request).isEmpty());
                });
    }

    /** What is done with the clip that was selected last. */
    private MenuItem one(String key, @Nullable KeyCombination keys, Consumer<Clip> action) {
        return item(key, keys, () -> model.detailedProperty().get().ifPresent(action));
    }

    private MenuItem item(String key, @Nullable KeyCombination keys, Runnable action) {
        var item = new MenuItem(messages.get(key));
        item.setAccelerator(keys);
        item.setOnAction(_ -> action.run());
        return item;
    }
}
