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
                    new Row("←  →", "keys.step"),
                    new Row("Shift  ←  →", "keys.jump"),
                    new Row("Home  End", "keys.ends"),
                    new Row("Ctrl+L", "keys.loop"));
    private static final List<Row> COMPARE =
            List.of(
                    new Row("W", "keys.wipe"),
                    new Row("D", "keys.difference"),
                    new Row("F", "keys.fit"),
                    new Row("X", "keys.worst"));

    ShortcutSheet(Messages messages) {
        getStyleClass().add("shortcut-sheet");
        setFocusTraversable(true);
        setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        var title = new Label(messages.get("keys.title"));
        title.getStyleClass().add("title");
        var columns = new HBox(grid(messages, PLAY, COMPARE), grid(messages, FILE));
        columns.getStyleClass().add("columns");
        getChildren().addAll(title, columns);
    }

    @SafeVarargs
    private static GridPane grid(Messages messages, List<Row>... groups) {
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
