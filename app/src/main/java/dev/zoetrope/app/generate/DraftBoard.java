package dev.zoetrope.app.generate;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.fx.Hints;
import dev.zoetrope.app.fx.Subscriptions;
import dev.zoetrope.app.player.FilmView;
import dev.zoetrope.app.player.Transport;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.media.FrameSize;

import javafx.collections.ListChangeListener;
import javafx.collections.WeakListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.RowConstraints;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Drafts side by side, or one of them large. */
final class DraftBoard extends StackPane {
    private final GenerateViewModel page;
    private final DraftsViewModel model;
    private final Messages messages;
    private final GridPane grid = new GridPane();
    private final FilmView large;
    private final List<DraftTile> tiles = new ArrayList<>();
    private final Subscriptions looked = new Subscriptions();
    private final Label status = new Label();
    private final Button finish = new Button();
    private int columns = 1;

    // Held here, since the model of the page does not hold it.
    private final ListChangeListener<Draft> onDrafts = _ -> arrange();

    DraftBoard(GenerateViewModel page, Messages messages) {
        this.page = page;
        this.model = page.drafts();
        this.messages = messages;
        this.large = new FilmView(new Transport(), messages.get("generate.drafts.large"));
        getStyleClass().add("draft-board");
        grid.getStyleClass().add("grid");
        getChildren().addAll(grid, large);
        large.visibleProperty()
                .bind(model.chosenProperty().when(messages.spoken()).map(Optional::isPresent));
        grid.visibleProperty().bind(large.visibleProperty().not());
        model.drafts().addListener(new WeakListChangeListener<>(onDrafts));
        model.chosenProperty().when(messages.spoken()).subscribe(this::lookAt);
        arrange();
    }

    private FrameSize size() {
        return page.formProperty().get().map(ClipForm::size).orElse(new FrameSize(1, 1));
    }

    private void arrange() {
        tiles.forEach(DraftTile::close);
        tiles.clear();
        model.drafts()
                .forEach(draft ->
                        tiles.add(
                                new DraftTile(
                                        draft,
                                        messages,
                                        this::size,
                                        one -> model.chosenProperty().set(Optional.of(one)))));
        int count = Math.max(1, tiles.size());
        // As wide as it is high, or wider, as windows are.
        columns = count <= 3 ? count : (count + 1) / 2;
        int rows = (count + columns - 1) / columns;
        grid.getChildren().clear();
        for (int i = 0; i < tiles.size(); i++) {
            grid.add(tiles.get(i), i % columns, i / columns);
        }
        grid.getColumnConstraints().clear();
        grid.getRowConstraints().clear();
        for (int i = 0; i < columns; i++) {
            var column = new ColumnConstraints();
            column.setPercentWidth(100.0 / columns);
            grid.getColumnConstraints().add(column);
        }
        for (int i = 0; i < rows; i++) {
            var row = new RowConstraints();
            row.setPercentHeight(100.0 / rows);
            grid.getRowConstraints().add(row);
        }
        showStatus();
    }

    private void lookAt(Optional<Draft> chosen) {
        looked.close();
        chosen.ifPresent(draft -> {
            looked.follow(
                    draft.lookProperty().when(messages.spoken()),
                    seen -> {
                        large.sizeProperty().set(DraftTile.size(draft, this::size));
                        large.filmProperty().set(seen.map(Look::film));
                    });
            looked.follow(draft.stateProperty().when(messages.spoken()), _ -> showStatus());
            looked.follow(draft.stepProperty().when(messages.spoken()), _ -> showStatus());
            large.requestFocus();
        });
        if (chosen.isEmpty()) {
            showStatus();
        }
    }

    private void showStatus() {
        finish.setDisable(chosen().filter(Draft::isReady).isEmpty());
        int count = model.drafts().size();
        status.setText(
                model.chosenProperty()
                        .get()
                        .map(draft ->
                                messages.get(
                                        "generate.drafts.one",
                                        model.drafts().indexOf(draft) + 1,
                                        count,
                                        messages.get(
                                                "generate.drafts.seed", draft.request().seed()),
                                        DraftTile.words(draft, messages)))
                        .orElseGet(() ->
                                count == 0
                                        ? messages.get("generate.waiting")
                                        : messages.get(
                                                "generate.drafts.all",
                                                count,
                                                model.drafts().getFirst().steps())));
    }

    /** What can be done with the drafts. */
    Node strip() {
        status.getStyleClass().add("state");
        status.setMinWidth(0);
        var all =
                button("generate.drafts.back", () -> model.chosenProperty().set(Optional.empty()));
        all.visibleProperty().bind(large.visibleProperty());
        var discard = button("generate.drafts.discard", () -> chosen().ifPresent(model::discard));
        discard.visibleProperty().bind(large.visibleProperty());
        discard.managedProperty().bind(discard.visibleProperty());
        var discardAll = button("generate.drafts.discard.all", model::discardAll);
        discardAll.visibleProperty().bind(grid.visibleProperty());
        discardAll.managedProperty().bind(discardAll.visibleProperty());
        var close = button("generate.drafts.close", () -> model.shownProperty().set(false));
        finish.setText(messages.get("generate.drafts.finish"));
        finish.getStyleClass().add(Styles.ACCENT);
        finish.setMnemonicParsing(true);
        finish.setMinWidth(USE_PREF_SIZE);
        Hints.on(finish, messages.get("generate.drafts.finish.about"));
        finish.setOnAction(_ -> chosen().ifPresent(model::finish));
        finish.visibleProperty().bind(large.visibleProperty());
        finish.managedProperty().bind(finish.visibleProperty());
        var above = new HBox(status, space(), close);
        var below = new HBox(all, space(), discard, discardAll, finish);
        for (HBox row : List.of(above, below)) {
            row.getStyleClass().add("result");
            row.setAlignment(Pos.CENTER_LEFT);
        }
        var strip = new VBox(above, below);
        strip.getStyleClass().add("strip");
        return strip;
    }

    private static Region space() {
        var space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        return space;
    }

    private Button button(String key, Runnable action) {
        var button = new Button(messages.get(key));
        button.getStyleClass().add("quiet");
        button.setMnemonicParsing(true);
        button.setMinWidth(USE_PREF_SIZE);
        button.setOnAction(_ -> action.run());
        return button;
    }

    private Optional<Draft> chosen() {
        return model.chosenProperty().get();
    }

    /** Does what a key stands for, and consumes it then. */
    void handle(KeyEvent event) {
        boolean known = chosen().isPresent() ? handleLarge(event) : handleGrid(event);
        if (known) {
            event.consume();
        }
    }

    private boolean handleLarge(KeyEvent event) {
        switch (event.getCode()) {
            case ENTER -> chosen().ifPresent(model::finish);
            case ESCAPE -> {
                Optional<Draft> before = chosen();
                model.chosenProperty().set(Optional.empty());
                tiles.stream()
                        .filter(tile -> before.equals(Optional.of(tile.draft())))
                        .forEach(Node::requestFocus);
            }
            case LEFT -> model.chooseNext(-1);
            case RIGHT -> model.chooseNext(1);
            case DELETE -> chosen().ifPresent(model::discard);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean handleGrid(KeyEvent event) {
        int at = focused();
        switch (event.getCode()) {
            case ESCAPE -> focus(at < 0 ? 0 : at);
            case LEFT -> focus(at - 1);
            case RIGHT -> focus(at + 1);
            case UP -> focus(at - columns);
            case DOWN -> focus(at + columns);
            case ENTER, SPACE -> {
                if (at < 0) {
                    return false;
                }
                model.chosenProperty().set(Optional.of(tiles.get(at).draft()));
            }
            case DELETE -> {
                if (at < 0) {
                    return false;
                }
                model.discard(tiles.get(at).draft());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private int focused() {
        for (int i = 0; i < tiles.size(); i++) {
            if (tiles.get(i).isFocused()) {
                return i;
            }
        }
        return -1;
    }

    private void focus(int index) {
        if (index >= 0 && index < tiles.size()) {
            tiles.get(index).requestFocus();
        }
    }
}
