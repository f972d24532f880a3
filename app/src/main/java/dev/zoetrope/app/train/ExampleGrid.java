package dev.zoetrope.app.train;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.clip.TileGrid;
import dev.zoetrope.app.text.Messages;

import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.StackPane;

/** Examples, of which none can be selected. */
final class ExampleGrid extends StackPane {
    /** In heights of the text, so that as many words of a caption fit however large it is. */
    private static final double LEAST_TILE = 14;

    private static final double GAP = 14;
    private static final double EDGES = 18 + 6 + 12;

    // Never seen, these say how high words are.
    private final Label caption = measure("words", "1\n2\n3");
    private final Label file = measure("file", "1");

    private final TileGrid<Example> tiles;

    ExampleGrid(DatasetViewModel model, Thumbnails thumbnails, Messages messages) {
        tiles =
                new TileGrid<>(
                        model.shownProperty().when(messages.spoken()),
                        () ->
                                new ExampleTile(
                                        model, thumbnails, messages, caption.heightProperty()),
                        GAP,
                        EDGES);
        getStyleClass().add("example-grid");
        tiles.list().setAccessibleText(messages.get("train.set.grid"));
        tiles.list().addEventFilter(KeyEvent.KEY_PRESSED, this::press);
        getChildren().addAll(caption, file, tiles);
        tiles.widthProperty().subscribe(_ -> arrange());
        caption.heightProperty().subscribe(_ -> arrange());
        file.heightProperty().subscribe(_ -> arrange());
        model.contentsProperty().when(messages.spoken()).subscribe(_ -> tiles.refresh());
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
        tiles.stop();
    }

    private void arrange() {
        double words = caption.getHeight() + file.getHeight();
        if (words > 0) {
            tiles.arrange(LEAST_TILE * caption.getFont().getSize(), words);
        }
    }

    /** Nothing in it is chosen, so keys move the view. */
    private void press(KeyEvent event) {
        double row = tiles.list().getFixedCellSize();
        double page = row * tiles.visibleRows();
        switch (event.getCode()) {
            case UP -> tiles.scroll(flow -> flow.scrollPixels(-row));
            case DOWN -> tiles.scroll(flow -> flow.scrollPixels(row));
            case PAGE_UP -> tiles.scroll(flow -> flow.scrollPixels(-page));
            case PAGE_DOWN, SPACE -> tiles.scroll(flow -> flow.scrollPixels(page));
            case HOME -> tiles.scroll(flow -> flow.scrollTo(0));
            case END -> tiles.scroll(flow -> flow.scrollTo(Math.max(0, flow.getCellCount() - 1)));
            default -> {
                return;
            }
        }
        event.consume();
    }
}
