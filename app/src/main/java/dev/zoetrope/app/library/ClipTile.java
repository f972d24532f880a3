package dev.zoetrope.app.library;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.clip.Tile;
import dev.zoetrope.app.files.DragOut;
import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.text.Messages;

import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.image.Image;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.StackPane;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A clip in the grid. */
final class ClipTile extends Tile<Clip> {
    /** Pixels under the picture. */
    static final double WORDS_HEIGHT = 46;

    private static final PseudoClass SELECTED = PseudoClass.getPseudoClass("selected");
    private static final PseudoClass STARRED = PseudoClass.getPseudoClass("starred");
    private static final PseudoClass CURRENT = PseudoClass.getPseudoClass("current");
    private static final double MARGIN = 2;

    private final LibraryViewModel model;
    private final Thumbnails thumbnails;
    private final Messages messages;
    private final ClipWords words;
    private final Label title = new Label();
    private final Label summary = new Label();
    private final Button star = new Button();

    ClipTile(LibraryViewModel model, Thumbnails thumbnails, Messages messages, ClipWords words) {
        super(MARGIN);
        this.model = model;
        this.thumbnails = thumbnails;
        this.messages = messages;
        this.words = words;
        getStyleClass().add("clip-tile");
        Buttons.icon(star, MaterialDesignS.STAR_OUTLINE, messages.get("library.star"));
        star.getStyleClass().add("star");
        star.setFocusTraversable(false);
        star.setOnAction(_ -> shown().ifPresent(one -> model.toggleStars(List.of(one))));
        StackPane.setAlignment(star, Pos.TOP_RIGHT);
        cover(star);
        title.getStyleClass().add("title");
        summary.getStyleClass().add("summary");
        getChildren().addAll(title, summary);
        addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
        addEventHandler(MouseEvent.DRAG_DETECTED, this::drag);
    }

    @Override
    protected Thumbnails.Wish fill(Clip one, Consumer<Image> screen) {
        // Its first line says enough.
        title.setText(words.title(one).lines().findFirst().orElse(""));
        summary.setText(words.summary(one));
        return thumbnails.of(one.file(), one.changed(), screen);
    }

    /** Shows whether it is selected and starred. */
    @Override
    protected void tell(Clip one) {
        boolean starred = model.stars().contains(one.file());
        pseudoClassStateChanged(SELECTED, model.selection().contains(one));
        pseudoClassStateChanged(CURRENT, model.detailedProperty().get().equals(shown()));
        pseudoClassStateChanged(STARRED, starred);
        star.setGraphic(
                new FontIcon(starred ? MaterialDesignS.STAR : MaterialDesignS.STAR_OUTLINE));
        star.setAccessibleText(messages.get(starred ? "library.unstar" : "library.star"));
        setAccessibleText(
                messages.get(
                        starred ? "library.tile.starred" : "library.tile",
                        title.getText(),
                        summary.getText()));
    }

    @Override
    protected Optional<Path> film(Clip one) {
        return Optional.of(one.file());
    }

    private void press(MouseEvent event) {
        if (shown().isEmpty() || within(star, event)) {
            return;
        }
        Clip one = shown().get();
        if (event.isShiftDown()) {
            model.selectTo(one);
        } else if (event.isShortcutDown()) {
            model.toggle(one);
        } else if (event.getButton() == MouseButton.PRIMARY || !model.selection().contains(one)) {
            model.select(one);
        }
    }

    private static boolean within(Node node, MouseEvent event) {
        return node.localToScene(node.getLayoutBounds())
                .contains(event.getSceneX(), event.getSceneY());
    }

    /** Takes the file along, to the desktop or another program. */
    private void drag(MouseEvent event) {
        shown().ifPresent(one -> {
            stop();
            List<Clip> taken =
                    model.selection().contains(one) ? List.copyOf(model.selection()) : List.of(one);
            DragOut.start(this, taken.stream().map(Clip::file).toList(), still());
            event.consume();
        });
    }
}
