package dev.zoetrope.app.generate;

import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.generate.SnippetsViewModel.Snippet;
import dev.zoetrope.app.text.Messages;

import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.geometry.Side;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.CustomMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.stage.Popup;

import org.kordamp.ikonli.materialdesign2.MaterialDesignB;

/** The button above the prompt, and the snippets behind it. */
final class SnippetsMenu extends Button {
    private static final int LONGEST_TEXT = 48;

    private final SnippetsViewModel model;
    private final Messages messages;
    private final TextArea prompt;
    private final ContextMenu menu = new ContextMenu();

    /**
     * @param prompt that snippets are put into and taken from
     */
    SnippetsMenu(SnippetsViewModel model, Messages messages, TextArea prompt) {
        this.model = model;
        this.messages = messages;
        this.prompt = prompt;
        Buttons.icon(this, MaterialDesignB.BOOKMARK_OUTLINE, messages.get("generate.snippets"));
        getStyleClass().add("snippets");
        menu.getStyleClass().add("snippets-menu");
        setOnAction(_ -> open());
    }

    private void open() {
        menu.getItems().clear();
        for (Snippet snippet : model.snippets()) {
            var item = new CustomMenuItem(new VBox(name(snippet), text(snippet)));
            item.setOnAction(_ -> insert(snippet));
            menu.getItems().add(item);
        }
        if (!menu.getItems().isEmpty()) {
            menu.getItems().add(new SeparatorMenuItem());
        }
        boolean some = !prompt.getSelectedText().isBlank();
        var save =
                new MenuItem(
                        messages.get(
                                some ? "generate.snippets.selection" : "generate.snippets.whole"));
        save.setDisable(prompt.getText().isBlank());
        save.setOnAction(_ -> askForName(some ? prompt.getSelectedText() : prompt.getText()));
        var delete = new Menu(messages.get("generate.snippets.delete"));
        delete.setDisable(model.snippets().isEmpty());
        for (Snippet snippet : model.snippets()) {
            var item = new MenuItem(snippet.name());
            item.setMnemonicParsing(false);
            item.setOnAction(_ -> model.delete(snippet));
            delete.getItems().add(item);
        }
        menu.getItems().addAll(save, delete);
        menu.show(this, Side.BOTTOM, 0, 2);
    }

    private static Label name(Snippet snippet) {
        return new Label(snippet.name());
    }

    private static Label text(Snippet snippet) {
        String line = snippet.text().replaceAll("\\s+", " ");
        var label =
                new Label(
                        line.length() > LONGEST_TEXT
                                ? line.substring(0, LONGEST_TEXT) + "…"
                                : line);
        label.getStyleClass().add("text");
        return label;
    }

    private void insert(Snippet snippet) {
        prompt.replaceSelection(snippet.text());
        prompt.requestFocus();
    }

    private void askForName(String text) {
        var name = new TextField();
        name.setAccessibleText(messages.get("generate.snippets.name"));
        var title = new Label(messages.get("generate.snippets.name"));
        title.setLabelFor(name);
        var save = new Button(messages.get("generate.snippets.save"));
        save.setMnemonicParsing(true);
        save.disableProperty()
                .bind(
                        Bindings.createBooleanBinding(
                                () -> name.getText().isBlank(), name.textProperty()));
        var row = new HBox(name, save);
        row.getStyleClass().add("row");
        row.setAlignment(Pos.CENTER_LEFT);
        var box = new VBox(title, row);
        box.getStyleClass().add("snippet-name");
        var popup = new Popup();
        popup.setAutoHide(true);
        popup.getContent().add(box);
        Runnable keep =
                () -> {
                    model.save(name.getText(), text);
                    popup.hide();
                };
        save.setOnAction(_ -> keep.run());
        name.setOnAction(_ -> {
            if (!save.isDisabled()) {
                keep.run();
            }
        });
        box.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (event.getCode() == KeyCode.ESCAPE) {
                        popup.hide();
                        event.consume();
                    }
                });
        popup.setOnHidden(_ -> prompt.requestFocus());
        var place = prompt.localToScreen(0, 0);
        popup.show(this, place.getX(), place.getY());
        name.requestFocus();
    }
}
