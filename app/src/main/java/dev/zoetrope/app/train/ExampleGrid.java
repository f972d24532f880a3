package dev.zoetrope.app.train;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.text.Messages;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Examples in rows of tiles, of which there are as many as the window shows. */
final class ExampleGrid extends StackPane {
    /** In heights of the text, so that as many words of a caption fit however large it is. */
    private static final double LEAST_TILE = 14;

    private static final double GAP = 14;
    private static final double ASPECT = 16.0 / 9;

    /** Beside the tiles, the scroll bar included. */
    private static final double EDGES = 18 + 6 + 12;

    private final DatasetViewModel model;
    private final Thumbnails thumbnails;
    private final Messages messages;
    private final ObservableList<Integer> rows = FXCollections.observableArrayList();
    private final ListView<Integer> list = new ListView<>(rows);
    private final List<Row> made = new ArrayList<>();

    // Never seen, these say how high words are.
    private final Label captionLines = measure("words", "1\n2\n3");
    private final Label fileLine = measure("file", "1");

    private int columns = 1;
    private double tileWidth = 1;

    ExampleGrid(DatasetViewModel model, Thumbnails thumbnails, Messages messages) {
        this.model = model;
        this.thumbnails = thumbnails;
        this.messages = messages;
        getStyleClass().add("example-grid");
        list.setAccessibleText(messages.get("train.set.grid"));
        list.setCellFactory(_ -> new Row());
        list.addEventFilter(KeyEvent.KEY_PRESSED, this::press);
        getChildren().addAll(captionLines, fileLine, list);
        widthProperty().subscribe(_ -> arrange());
        captionLines.heightProperty().subscribe(_ -> arrange());
        fileLine.heightProperty().subscribe(_ -> arrange());
        model.shownProperty().when(messages.spoken()).subscribe(_ -> fill());
        model.contentsProperty().when(messages.spoken()).subscribe(_ -> made.forEach(Row::show));
    }

    private static Label measure(String style, String lines) {
        var label = new Label(lines);
        label.getStyleClass().add(style);
        label.setVisible(false);
        label.setMinSize(USE_PREF_SIZE, USE_PREF_SIZE);
        label.setMaxSize(USE_PREF_SIZE, USE_PREF_SIZE);
        return label;
    }

    /** Stops what plays. */
    void stop() {
        made.forEach(row -> row.tiles.forEach(ExampleTile::stop));
    }

    private double pictureHeight() {
        return Math.round(tileWidth / ASPECT);
    }

    private void arrange() {
        double room = getWidth() - EDGES;
        double words = captionLines.getHeight() + fileLine.getHeight();
        if (room <= 0 || words <= 0) {
            return;
        }
        double least = LEAST_TILE * captionLines.getFont().getSize();
        columns = (int) Math.max(1, Math.floor((room + GAP) / (least + GAP)));
        tileWidth = Math.floor((room - (columns - 1) * GAP) / columns);
        list.setFixedCellSize(Math.ceil(pictureHeight() + words + GAP));
        fill();
    }

    private void fill() {
        int needed = Math.ceilDiv(model.shownProperty().get().size(), columns);
        if (needed < rows.size()) {
            rows.remove(needed, rows.size());
        } else if (needed > rows.size()) {
            rows.addAll(IntStream.range(rows.size(), needed).boxed().toList());
        }
        made.forEach(Row::show);
    }

    /** Nothing in it is chosen, so keys move the view. */
    private void press(KeyEvent event) {
        if (!(list.lookup(".virtual-flow") instanceof VirtualFlow<?> flow)) {
            return;
        }
        double row = list.getFixedCellSize();
        double page = Math.max(row, Math.floor(list.getHeight() / row) * row);
        switch (event.getCode()) {
            case UP -> flow.scrollPixels(-row);
            case DOWN -> flow.scrollPixels(row);
            case PAGE_UP -> flow.scrollPixels(-page);
            case PAGE_DOWN, SPACE -> flow.scrollPixels(page);
            case HOME -> flow.scrollTo(0);
            case END -> flow.scrollTo(Math.max(0, rows.size() - 1));
            default -> {
                return;
            }
        }
        event.consume();
    }

    /** Examples beside each other. */
    private final class Row extends ListCell<Integer> {
        private final HBox box = new HBox(GAP);
        private final List<ExampleTile> tiles = new ArrayList<>();

        Row() {
            made.add(this);
            getStyleClass().add("example-row");
        }

        @Override
        protected void updateItem(@Nullable Integer row, boolean empty) {
            super.updateItem(row, empty);
            setText(null);
            show();
        }

        private void show() {
            Integer row = getItem();
            if (isEmpty() || row == null) {
                tiles.forEach(tile -> tile.show(Optional.empty()));
                setGraphic(null);
                return;
            }
            while (tiles.size() > columns) {
                ExampleTile gone = tiles.removeLast();
                gone.show(Optional.empty());
                box.getChildren().remove(gone);
            }
            while (tiles.size() < columns) {
                var tile = new ExampleTile(model, thumbnails, messages);
                tiles.add(tile);
                box.getChildren().add(tile);
            }
            List<Example> shown = model.shownProperty().get();
            for (int i = 0; i < columns; i++) {
                int at = row * columns + i;
                tiles.get(i).fit(tileWidth, pictureHeight(), captionLines.getHeight());
                tiles.get(i)
                        .show(at < shown.size() ? Optional.of(shown.get(at)) : Optional.empty());
            }
            setAccessibleText(
                    tiles.stream()
                            .filter(ExampleTile::isVisible)
                            .map(ExampleTile::getAccessibleText)
                            .collect(Collectors.joining("\n")));
            setGraphic(box);
        }
    }
}
