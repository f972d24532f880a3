package dev.zoetrope.app.library;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.clip.TileGrid;
import dev.zoetrope.app.fx.KeyUse;
import dev.zoetrope.app.text.Messages;

import javafx.collections.ListChangeListener;
import javafx.collections.SetChangeListener;
import javafx.collections.WeakListChangeListener;
import javafx.collections.WeakSetChangeListener;
import javafx.event.EventTarget;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.StackPane;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The clips that are looked for, of which some are selected. */
final class ClipGrid extends StackPane {
    private static final double LEAST_TILE = 172;
    private static final double GAP = 12;
    private static final double EDGES = 16 + 16 + 12;

    private final LibraryViewModel model;
    private final TileGrid<Clip> tiles;

    // Held here, since the model of the page does not hold them.
    private final ListChangeListener<Clip> onSelection = _ -> showStates();
    private final SetChangeListener<Path> onStars = _ -> showStates();

    private final ContextMenu menu;
    private Optional<Clip> clicked = Optional.empty();

    /**
     * @param menu what can be done with the clips that are selected
     */
    ClipGrid(LibraryViewModel model, Thumbnails thumbnails, Messages messages, ContextMenu menu) {
        this.model = model;
        this.menu = menu;
        var words = new ClipWords(messages);
        tiles =
                new TileGrid<>(
                        model.shownProperty().when(messages.spoken()),
                        () -> new ClipTile(model, thumbnails, messages, words),
                        GAP,
                        EDGES);
        getChildren().add(tiles);
        getStyleClass().add("clip-grid");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.LIST_VIEW);
        setAccessibleText(messages.get("library.clips"));
        tiles.list().setFocusTraversable(false);
        tiles.widthProperty().subscribe(_ -> tiles.arrange(LEAST_TILE, ClipTile.WORDS_HEIGHT));
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
        tiles.stop();
    }

    private void showStates() {
        tiles.refresh();
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
                return tile.shown();
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
            case UP -> go(-tiles.columns(), event);
            case DOWN -> go(tiles.columns(), event);
            case PAGE_UP -> go(-tiles.columns() * tiles.visibleRows(), event);
            case PAGE_DOWN -> go(tiles.columns() * tiles.visibleRows(), event);
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
        // No further than it has to.
        tiles.scroll(flow -> flow.scrollTo(to / tiles.columns()));
    }
}
