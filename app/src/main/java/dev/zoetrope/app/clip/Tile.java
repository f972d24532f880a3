package dev.zoetrope.app.clip;

import javafx.animation.PauseTransition;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** A picture and words in a {@link TileGrid}; a clip plays while the pointer rests on it. */
public abstract class Tile<T> extends VBox {
    private static final Duration REST = Duration.millis(300);

    private final double margin;
    private final ImageView picture = new ImageView();
    private final StackPane frame = new StackPane(picture);
    private final PauseTransition rest = new PauseTransition(REST);
    private Optional<T> shown = Optional.empty();
    private Optional<Image> still = Optional.empty();
    private Optional<Thumbnails.Wish> wish = Optional.empty();
    private Optional<MovingPicture> moving = Optional.empty();

    /**
     * @param margin at both sides of the picture, pixels
     */
    @SuppressWarnings("this-escape") // nothing is asked of it before it shows something
    protected Tile(double margin) {
        this.margin = margin;
        setVisible(false);
        setAccessibleRole(AccessibleRole.LIST_ITEM);
        picture.setPreserveRatio(true);
        frame.getStyleClass().add("picture");
        getChildren().add(frame);
        addEventHandler(MouseEvent.MOUSE_ENTERED, _ -> rest.playFromStart());
        addEventHandler(MouseEvent.MOUSE_EXITED, _ -> stop());
        rest.setOnFinished(_ -> play());
    }

    /**
     * Shows what stays as it is of something new, and asks for its picture.
     *
     * @param screen to get the picture
     */
    protected abstract Thumbnails.Wish fill(T one, Consumer<Image> screen);

    /** Shows what may have changed. */
    protected abstract void tell(T one);

    /** The clip that can be played of it. */
    protected abstract Optional<Path> film(T one);

    /** What it shows. */
    public final Optional<T> shown() {
        return shown;
    }

    /** Its picture; empty while that is not there. */
    protected final Optional<Image> still() {
        return still;
    }

    /** Lays something over the picture. */
    protected final void cover(Node... nodes) {
        frame.getChildren().addAll(nodes);
    }

    /**
     * @param width of the tile, pixels
     * @param height of its picture, pixels
     */
    final void fit(double width, double height) {
        setMinWidth(width);
        setMaxWidth(width);
        setPrefWidth(width);
        frame.setMinHeight(height);
        frame.setMaxHeight(height);
        picture.setFitWidth(width - 2 * margin);
        picture.setFitHeight(height);
    }

    /** Shows something as it is now, or nothing. */
    final void show(Optional<T> other) {
        if (!shown.equals(other)) {
            stop();
            wish.ifPresent(Thumbnails.Wish::drop);
            still = Optional.empty();
            picture.setImage(null);
            shown = other;
            setVisible(other.isPresent());
            wish = other.map(one -> fill(one, this::arrived));
        }
        shown.ifPresent(this::tell);
    }

    private void arrived(Image image) {
        still = Optional.of(image);
        picture.setImage(image);
    }

    private void play() {
        if (!getScene().getPreferences().isReducedMotion()) {
            moving =
                    shown.flatMap(this::film)
                            .map(clip -> MovingPicture.of(clip, picture::setImage));
        }
    }

    /** Shows its first frame again. */
    protected final void stop() {
        rest.stop();
        moving.ifPresent(some -> {
            some.close();
            picture.setImage(still.orElse(null));
        });
        moving = Optional.empty();
    }
}
