package dev.zoetrope.app.shell;

import dev.zoetrope.app.text.Messages;

import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import java.util.List;

/** Every key the window knows. */
final class ShortcutSheet extends VBox {
    /** What the keys do, after the keys themselves. */
    private record Row(String keys, String key) {}

    private static final List<Row> FILE =
            List.of(
                    new Row("Ctrl+Enter", "keys.generate"),
                    new Row("Ctrl+Shift+Enter", "keys.drafts"),
                    new Row("Enter", "keys.draft.finish"),
                    new Row("Del", "keys.draft.discard"),
                    new Row("Alt  ↑  ↓", "keys.history"),
                    new Row("Ctrl+O", "keys.open"),
                    new Row("S", "keys.save"),
                    new Row("Esc", "keys.cancel"),
                    new Row("Ctrl+1  Ctrl+2  …", "keys.pages"),
                    new Row("Ctrl+J", "keys.queue"),
                    new Row("E", "keys.edit"),
                    new Row("Ctrl+,", "keys.settings"),
                    new Row("Ctrl+T", "keys.theme"),
                    new Row("F1", "keys.help"));
    private static final List<Row> PLAY =
            List.of(
                    new Row("Space", "keys.play"),
                    new Row("J  K  L", "keys.jkl"),
                    new Row("←  →  ,  .", "keys.step"),
                    new Row("Shift  ←  →", "keys.jump"),
                    new Row("Home  End", "keys.ends"),
                    new Row("Ctrl+L", "keys.loop"),
                    new Row("P", "keys.pingpong"),
                    new Row("I  O", "keys.ends.mark"),
                    new Row("Shift+I  Shift+O", "keys.ends.clear"),
                    new Row("F", "keys.fit"),
                    new Row("F11", "keys.full"),
                    new Row("Ctrl+E", "keys.export"));
    private static final List<Row> LIBRARY =
            List.of(new Row("Enter", "keys.open.clip"), new Row("Page ↑  Page ↓", "keys.beside"));
    private static final List<Row> COMPARE =
            List.of(
                    new Row("W", "keys.wipe"),
                    new Row("D", "keys.difference"),
                    new Row("X", "keys.worst"));

    ShortcutSheet(Messages messages) {
        getStyleClass().add("shortcut-sheet");
        setFocusTraversable(true);
        setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        var title = new Label(messages.get("keys.title"));
        title.getStyleClass().add("title");
        var columns =
                new HBox(
                        column(List.of(PLAY, COMPARE), messages),
                        column(List.of(LIBRARY, FILE), messages));
        columns.getStyleClass().add("columns");
        getChildren().addAll(title, columns);
    }

    private static GridPane column(List<List<Row>> groups, Messages messages) {
        var grid = new GridPane();
        grid.getStyleClass().add("keys");
        int row = 0;
        for (List<Row> group : groups) {
            if (row > 0) {
                grid.addRow(row++, new Label());
            }
            for (Row entry : group) {
                var keys = new Label(entry.keys());
                keys.getStyleClass().add("key");
                grid.addRow(row++, keys, new Label(messages.get(entry.key())));
            }
        }
        return grid;
    }
}
