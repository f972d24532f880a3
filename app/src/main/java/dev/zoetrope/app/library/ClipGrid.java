package dev.zoetrope.app.library;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.fx.KeyUse;
import dev.zoetrope.app.text.Messages;

import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.collections.SetChangeListener;
import javafx.collections.WeakListChangeListener;
import javafx.collections.WeakSetChangeListener;
import javafx.event.EventTarget;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The clips that are looked for, in rows of tiles. There are as many tiles as the window shows,
 * however many clips there are.
 */
final class ClipGrid extends StackPane {
    private static final double LEAST_TILE = 172;
    private static final double GAP = 12;

    /** Beside the tiles, the scroll bar included. */
    private static final double EDGES = 16 + 16 + 12;

    private static final double ASPECT = 16.0 / 9;

    private final LibraryViewModel model;
    private final Thumbnails thumbnails;
    private final Messages messages;
    private final ClipWords words;
    private final ObservableList<Integer> rows = FXCollections.observableArrayList();
    private final ListView<Integer> list = new ListView<>(rows);
    private final List<Row> made = new ArrayList<>();

    // Held here, since the model of the page does not hold them.
    private final ListChangeListener<Clip> onSelection = _ -> showStates();
    private final SetChangeListener<Path> onStars = _ -> showStates();

    private final ContextMenu menu;
    private Optional<Clip> clicked = Optional.empty();
    private int columns = 1;
    private double tileWidth = LEAST_TILE;

    /**
     * @param menu what can be done with the clips that are selected
     */
    ClipGrid(LibraryViewModel model, Thumbnails thumbnails, Messages messages, ContextMenu menu) {
        this.model = model;
        this.thumbnails = thumbnails;
        this.messages = messages;
        this.words = new ClipWords(messages);
        this.menu = menu;
        getStyleClass().add("clip-grid");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.LIST_VIEW);
        setAccessibleText(messages.get("library.clips"));

        list.setFocusTraversable(false);
        list.setCellFactory(_ -> new Row());
        getChildren().add(list);
        widthProperty().subscribe(_ -> arrange());
        model.shownProperty().when(messages.spoken()).subscribe(_ -> fill());
        model.selection().addListener(new WeakListChangeListener<>(onSelection));
        model.stars().addListener(new WeakSetChangeListener<>(onStars));
        model.detailedProperty().when(messages.spoken()).subscribe(_ -> showStates());
        addEventFilter(MouseEvent.MOUSE_PRESSED, this::click);
        addEventFilter(KeyEvent.KEY_PRESSED, this::press);
        addEventHandler(
                ContextMenuEvent.CONTEXT_MENU_REQUESTED,
                event -> {
                    if (model.detailedProperty().get().isPresent()) {
                        menu.show(this, event.getScreenX(), event.getScreenY());
                        event.consume();
                    }
                });
    }

    /** Stops what plays. */
    void stop() {
        made.forEach(row -> row.tiles.forEach(ClipTile::stop));
    }

    private double pictureHeight() {
        return Math.round(tileWidth / ASPECT);
    }

    private void arrange() {
        double room = getWidth() - EDGES;
        if (room <= 0) {
            return;
        }
        int many = (int) Math.max(1, Math.floor((room + GAP) / (LEAST_TILE + GAP)));
        double width = Math.floor((room - (many - 1) * GAP) / many);
        if (many != columns || width != tileWidth) {
            columns = many;
            tileWidth = width;
            list.setFixedCellSize(pictureHeight() + ClipTile.WORDS_HEIGHT + GAP);
            fill();
        }
    }

    private void fill() {
        int needed = (model.shownProperty().get().size() + columns - 1) / columns;
        if (needed < rows.size()) {
            rows.remove(needed, rows.size());
        } else if (needed > rows.size()) {
            rows.addAll(IntStream.range(rows.size(), needed).boxed().toList());
        }
        made.forEach(Row::show);
    }

    private void showStates() {
        made.forEach(row -> row.tiles.forEach(ClipTile::showState));
    }

    /** The first click on a clip makes room for its settings, so that it may not lie there then. */
    private void click(MouseEvent event) {
        requestFocus();
        menu.hide();
        if (event.getClickCount() == 1) {
            clicked = clipAt(event.getTarget());
        } else if (event.getButton() == MouseButton.PRIMARY && clicked.isPresent()) {
            model.watch(clicked.get());
            event.consume();
        }
    }

    private static Optional<Clip> clipAt(EventTarget target) {
        for (Node node = (Node) target; node != null; node = node.getParent()) {
            if (node instanceof ClipTile tile) {
                return tile.clip();
            } else if (node instanceof Button) {
                break;
            }
        }
        return Optional.empty();
    }

    private void press(KeyEvent event) {
        boolean known = true;
        switch (event.getCode()) {
            case LEFT -> go(-1, event);
            case RIGHT -> go(1, event);
            case UP -> go(-columns, event);
            case DOWN -> go(columns, event);
            case PAGE_UP -> go(-columns * visibleRows(), event);
            case PAGE_DOWN -> go(columns * visibleRows(), event);
            case HOME -> go(-model.shownProperty().get().size(), event);
            case END -> go(model.shownProperty().get().size(), event);
            case A -> {
                known = event.isShortcutDown() && !model.shownProperty().get().isEmpty();
                if (known) {
                    model.select(model.shownProperty().get().getFirst());
                    model.selectTo(model.shownProperty().get().getLast());
                }
            }
            case ESCAPE -> {
                known = !model.selection().isEmpty();
                model.selectNone();
            }
            case S -> {
                known = !event.isShortcutDown() && !model.chosen().isEmpty();
                if (known) {
                    model.toggleStars(model.chosen());
                }
            }
            case C -> {
                known = !event.isShortcutDown() && model.selection().size() == 2;
                if (known) {
                    model.compare(model.selection().getFirst(), model.selection().getLast());
                }
            }
            case ENTER -> {
                known = KeyUse.plain(event) && model.detailedProperty().get().isPresent();
                if (known) {
                    model.watch(model.detailedProperty().get().get());
                }
            }
            case DELETE, BACK_SPACE -> model.delete(List.copyOf(model.selection()));
            default -> known = false;
        }
        if (known) {
            event.consume();
        }
    }

    private int visibleRows() {
        return (int) Math.max(1, Math.floor(list.getHeight() / list.getFixedCellSize()));
    }

    private void go(int by, KeyEvent event) {
        List<Clip> shown = model.shownProperty().get();
        if (shown.isEmpty()) {
            return;
        }
        int now = model.detailedProperty().get().map(shown::indexOf).orElse(-1);
        int to = now < 0 ? 0 : Math.clamp((long) now + by, 0, shown.size() - 1);
        if (event.isShiftDown()) {
            model.selectTo(shown.get(to));
        } else {
            model.select(shown.get(to));
        }
        reveal(to / columns);
    }

    /** Scrolls no further than it has to. */
    private void reveal(int row) {
        if (list.lookup(".virtual-flow") instanceof VirtualFlow<?> flow) {
            flow.scrollTo(row);
        }
    }

    /** Clips beside each other. */
    private final class Row extends ListCell<Integer> {
        private final HBox box = new HBox(GAP);
        private final List<ClipTile> tiles = new ArrayList<>();

        Row() {
            made.add(this);
            getStyleClass().add("clip-row");
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
                ClipTile gone = tiles.removeLast();
                gone.show(Optional.empty());
                box.getChildren().remove(gone);
            }
            while (tiles.size() < columns) {
                var tile = new ClipTile(model, thumbnails, messages, words);
                tiles.add(tile);
                box.getChildren().add(tile);
            }
            List<Clip> shown = model.shownProperty().get();
            for (int i = 0; i < columns; i++) {
                int at = row * columns + i;
                tiles.get(i).fit(tileWidth, pictureHeight());
                tiles.get(i)
                        .show(at < shown.size() ? Optional.of(shown.get(at)) : Optional.empty());
            }
            setGraphic(box);
        }
    }
}
