package dev.zoetrope.app.clip;

import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of tiles, of which there are as many as the window shows, however much there is. */
public final class TileGrid<T> extends StackPane {
    private static final double ASPECT = 16.0 / 9;

    private final ObservableValue<List<T>> shown;
    private final Supplier<? extends Tile<T>> tile;
    private final double gap;
    private final double edges;
    private final ObservableList<Integer> rows = FXCollections.observableArrayList();
    private final ListView<Integer> list = new ListView<>(rows);
    private final List<Row> made = new ArrayList<>();
    private int columns = 1;
    private double tileWidth = 1;

    /**
     * @param shown what there is, in its order
     * @param tile makes one that shows nothing yet
     * @param gap between tiles, pixels
     * @param edges beside them, the scroll bar included, pixels
     */
    public TileGrid(
            ObservableValue<List<T>> shown,
            Supplier<? extends Tile<T>> tile,
            double gap,
            double edges) {
        this.shown = shown;
        this.tile = tile;
        this.gap = gap;
        this.edges = edges;
        getStyleClass().add("tile-grid");
        list.setCellFactory(_ -> new Row());
        getChildren().add(list);
        shown.subscribe(_ -> fill());
    }

    /** Has every tile show what may have changed. */
    public void refresh() {
        made.forEach(Row::show);
    }

    /** Stops what plays. */
    public void stop() {
        made.forEach(row -> row.tiles.forEach(Tile::stop));
    }

    /** The list of the rows. */
    public ListView<?> list() {
        return list;
    }

    public int columns() {
        return columns;
    }

    /** How many rows are in view as a whole; at least one. */
    public int visibleRows() {
        return (int) Math.max(1, Math.floor(list.getHeight() / list.getFixedCellSize()));
    }

    /** Scrolls, where there is something to scroll. */
    public void scroll(Consumer<VirtualFlow<?>> how) {
        if (list.lookup(".virtual-flow") instanceof VirtualFlow<?> flow) {
            how.accept(flow);
        }
    }

    /**
     * Has as many tiles beside each other as there is room for.
     *
     * @param least width of a tile, pixels
     * @param words height of what is under its picture, pixels
     */
    public void arrange(double least, double words) {
        double room = getWidth() - edges;
        if (room > 0) {
            columns = (int) Math.max(1, Math.floor((room + gap) / (least + gap)));
            tileWidth = Math.floor((room - (columns - 1) * gap) / columns);
            list.setFixedCellSize(Math.ceil(pictureHeight() + words + gap));
            fill();
        }
    }

    private double pictureHeight() {
        return Math.round(tileWidth / ASPECT);
    }

    private void fill() {
        int needed = Math.ceilDiv(shown.getValue().size(), columns);
        if (needed < rows.size()) {
            rows.remove(needed, rows.size());
        } else if (needed > rows.size()) {
            rows.addAll(IntStream.range(rows.size(), needed).boxed().toList());
        }
        refresh();
    }

    /** Tiles beside each other. */
    private final class Row extends ListCell<Integer> {
        private final HBox box = new HBox(gap);
        private final List<Tile<T>> tiles = new ArrayList<>();

        Row() {
            made.add(this);
            getStyleClass().add("tile-row");
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
                tiles.forEach(one -> one.show(Optional.empty()));
                setGraphic(null);
                return;
            }
            while (tiles.size() > columns) {
                Tile<T> gone = tiles.removeLast();
                gone.show(Optional.empty());
                box.getChildren().remove(gone);
            }
            while (tiles.size() < columns) {
                Tile<T> added = tile.get();
                tiles.add(added);
                box.getChildren().add(added);
            }
            List<T> all = shown.getValue();
            for (int i = 0; i < columns; i++) {
                int at = row * columns + i;
                tiles.get(i).fit(tileWidth, pictureHeight());
                tiles.get(i).show(at < all.size() ? Optional.of(all.get(at)) : Optional.empty());
            }
            setAccessibleText(
                    tiles.stream()
                            .filter(Tile::isVisible)
                            .map(Tile::getAccessibleText)
                            .collect(Collectors.joining("\n")));
            setGraphic(box);
        }
    }
}
