package dev.zoetrope.app.library;

import dev.zoetrope.app.clip.MovingPicture;
import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.files.DragOut;
import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.text.Messages;

import javafx.animation.PauseTransition;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;

import java.util.List;
import java.util.Optional;

/** A clip in the grid; it plays while the pointer rests on it. */
final class ClipTile extends VBox {
    /** Pixels under the picture. */
    static final double WORDS_HEIGHT = 46;

    private static final PseudoClass SELECTED = PseudoClass.getPseudoClass("selected");
    private static final PseudoClass STARRED = PseudoClass.getPseudoClass("starred");
    private static final PseudoClass CURRENT = PseudoClass.getPseudoClass("current");
    private static final Duration REST = Duration.millis(300);

    private final LibraryViewModel model;
    private final Thumbnails thumbnails;
    private final Messages messages;
    private final ClipWords words;
    private final ImageView picture = new ImageView();
    private final StackPane frame = new StackPane();
    private final Label title = new Label();
    private final Label summary = new Label();
    private final Button star = new Button();
    private final PauseTransition rest = new PauseTransition(REST);
    private Optional<Clip> clip = Optional.empty();
    private Optional<Image> still = Optional.empty();
    private Optional<Thumbnails.Wish> wish = Optional.empty();
    private Optional<MovingPicture> moving = Optional.empty();

    ClipTile(LibraryViewModel model, Thumbnails thumbnails, Messages messages, ClipWords words) {
        this.model = model;
        this.thumbnails = thumbnails;
        this.messages = messages;
        this.words = words;
        getStyleClass().add("clip-tile");
        setAccessibleRole(AccessibleRole.LIST_ITEM);

        picture.setPreserveRatio(true);
        Buttons.icon(star, MaterialDesignS.STAR_OUTLINE, messages.get("library.star"));
        star.getStyleClass().add("star");
        star.setFocusTraversable(false);
        star.setOnAction(_ -> clip.ifPresent(one -> model.toggleStars(List.of(one))));
        StackPane.setAlignment(star, Pos.TOP_RIGHT);
        frame.getStyleClass().add("picture");
        frame.getChildren().addAll(picture, star);
        title.getStyleClass().add("title");
        summary.getStyleClass().add("summary");
        getChildren().addAll(frame, title, summary);

        addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
        addEventHandler(MouseEvent.DRAG_DETECTED, this::drag);
        addEventHandler(MouseEvent.MOUSE_ENTERED, _ -> rest.playFromStart());
        addEventHandler(MouseEvent.MOUSE_EXITED, _ -> stop());
        rest.setOnFinished(_ -> play());
    }

    /**
     * @param width of the tile, pixels
     * @param height of its picture, pixels
     */
    void fit(double width, double height) {
        setMinWidth(width);
        setMaxWidth(width);
        setPrefWidth(width);
        frame.setMinHeight(height);
        frame.setMaxHeight(height);
        picture.setFitWidth(width - 4);
        picture.setFitHeight(height);
    }

    /** What it shows. */
    Optional<Clip> clip() {
        return clip;
    }

    /** Shows a clip, or nothing. */
    void show(Optional<Clip> other) {
        if (!clip.equals(other)) {
            stop();
            wish.ifPresent(Thumbnails.Wish::drop);
            wish = Optional.empty();
            still = Optional.empty();
            picture.setImage(null);
            clip = other;
            setVisible(other.isPresent());
            other.ifPresent(this::fill);
        }
        showState();
    }

    private void fill(Clip one) {
        // Its first line says enough.
        title.setText(words.title(one).lines().findFirst().orElse(""));
        summary.setText(words.summary(one));
        wish =
                Optional.of(
                        thumbnails.of(
                                one.file(),
                                one.changed(),
                                image -> {
                                    still = Optional.of(image);
                                    picture.setImage(image);
                                }));
    }

    /** Shows whether it is selected and starred. */
    void showState() {
        clip.ifPresent(one -> {
            boolean starred = model.stars().contains(one.file());
            pseudoClassStateChanged(SELECTED, model.selection().contains(one));
            pseudoClassStateChanged(CURRENT, model.detailedProperty().get().equals(clip));
            pseudoClassStateChanged(STARRED, starred);
            star.setGraphic(
                    new FontIcon(starred ? MaterialDesignS.STAR : MaterialDesignS.STAR_OUTLINE));
            star.setAccessibleText(messages.get(starred ? "library.unstar" : "library.star"));
            setAccessibleText(
                    messages.get(
                            starred ? "library.tile.starred" : "library.tile",
                            title.getText(),
                            summary.getText()));
        });
    }

    private void press(MouseEvent event) {
        if (clip.isEmpty() || within(star, event)) {
            return;
        }
        Clip one = clip.get();
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
        clip.ifPresent(one -> {
            stop();
            List<Clip> taken =
                    model.selection().contains(one) ? List.copyOf(model.selection()) : List.of(one);
            DragOut.start(this, taken.stream().map(Clip::file).toList(), still);
            event.consume();
        });
    }

    private void play() {
        if (!getScene().getPreferences().isReducedMotion()) {
            clip.ifPresent(
                    one -> moving = Optional.of(MovingPicture.of(one.file(), picture::setImage)));
        }
    }

    /** Shows its first frame again. */
    void stop() {
        rest.stop();
        moving.ifPresent(some -> {
            some.close();
            picture.setImage(still.orElse(null));
        });
        moving = Optional.empty();
    }
}
