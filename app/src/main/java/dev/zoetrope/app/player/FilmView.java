package dev.zoetrope.app.player;

import javafx.animation.AnimationTimer;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.AccessibleRole;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.shape.Rectangle;

import java.util.List;
import java.util.Optional;

/**
 * A film that runs over and over in a frame whose shape is known before there is one. Another film
 * in its place goes on where the one before was, so that only its pictures seem to change.
 */
public final class FilmView extends Region {
    private static final long NEVER = Long.MIN_VALUE;

    /** A stalled machine continues where it was instead of leaping. */
    private static final double LONGEST_TICK_SECONDS = 0.25;

    private final ObjectProperty<Optional<Film>> film =
            new SimpleObjectProperty<>(this, "film", Optional.empty());
    private final ObjectProperty<Double> ratio = new SimpleObjectProperty<>(this, "ratio", 1.0);
    private final BooleanProperty playing = new SimpleBooleanProperty(this, "playing", true);
    private final Region screen = new Region();
    private final ImageView picture = new ImageView();
    private final Rectangle window = new Rectangle();
    private List<Image> images = List.of();
    private double position;
    private long lastTick = NEVER;
    private final AnimationTimer clock =
            new AnimationTimer() {
                @Override
                public void handle(long now) {
                    tick(now);
                }
            };

    /**
     * An empty frame.
     *
     * @param name for screen readers
     */
    public FilmView(String name) {
        getStyleClass().add("film-view");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setAccessibleText(name);
        screen.getStyleClass().add("screen");
        picture.setSmooth(true);
        picture.setClip(window);
        getChildren().addAll(screen, picture);
        film.subscribe(this::change);
        ratio.subscribe(_ -> requestLayout());
        playing.subscribe(_ -> run());
        sceneProperty().subscribe(_ -> run());
        sceneProperty()
                .flatMap(scene -> scene.getPreferences().reducedMotionProperty())
                .subscribe(still -> {
                    if (Boolean.TRUE.equals(still)) {
                        playing.set(false);
                    }
                });
        addEventHandler(MouseEvent.MOUSE_PRESSED, _ -> requestFocus());
    }

    public ObjectProperty<Optional<Film>> filmProperty() {
        return film;
    }

    /** Width to height of the frame. */
    public ObjectProperty<Double> ratioProperty() {
        return ratio;
    }

    /** Whether time goes by. */
    public BooleanProperty playingProperty() {
        return playing;
    }

    /** Index of the picture on the screen; 0 while there is none. */
    public int shownPicture() {
        return film.get().map(some -> some.at(position)).orElse(0);
    }

    /** Stops, and moves by some pictures, round the ends. */
    public void step(int pictures) {
        film.get()
                .ifPresent(some -> {
                    playing.set(false);
                    int count = some.pictures().size();
                    int index = Math.floorMod(some.at(position) + pictures, count);
                    position = (index + 0.5) / some.fps();
                    show(some);
                });
    }

    /** Does what a key stands for, and consumes it then. */
    public void handle(KeyEvent event) {
        if (film.get().isEmpty() || event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        switch (event.getCode()) {
            case SPACE -> playing.set(!playing.get());
            case LEFT -> step(-1);
            case RIGHT -> step(1);
            default -> {
                return;
            }
        }
        event.consume();
    }

    /** Runs only where somebody can see it. */
    private void run() {
        lastTick = NEVER;
        boolean moves = film.get().filter(some -> some.pictures().size() > 1).isPresent();
        if (moves && playing.get() && getScene() != null) {
            clock.start();
        } else {
            clock.stop();
        }
    }

    private void tick(long now) {
        double seconds = lastTick == NEVER ? 0 : (now - lastTick) / 1e9;
        lastTick = now;
        film.get()
                .ifPresent(some -> {
                    position += Math.min(LONGEST_TICK_SECONDS, seconds);
                    position %= some.seconds();
                    show(some);
                });
    }

    private void change(Optional<Film> changed) {
        images = changed.map(FilmView::images).orElse(List.of());
        if (changed.isPresent()) {
            Film some = changed.get();
            position %= some.seconds();
            show(some);
        } else {
            picture.setImage(null);
        }
        run();
        requestLayout();
    }

    private void show(Film some) {
        picture.setImage(images.get(some.at(position)));
    }

    private static List<Image> images(Film film) {
        return film.pictures().stream()
                .<Image>map(bytes ->
                        new WritableImage(
                                new PixelBuffer<>(
                                        film.width() + 2,
                                        film.height() + 2,
                                        bytes,
                                        PixelFormat.getByteBgraPreInstance())))
                .toList();
    }

    @Override
    protected void layoutChildren() {
        double left = snappedLeftInset();
        double top = snappedTopInset();
        double width = Math.max(1, getWidth() - left - snappedRightInset());
        double height = Math.max(1, getHeight() - top - snappedBottomInset());
        double shownWidth = snapSizeX(Math.min(width, height * ratio.get()));
        double shownHeight = snapSizeY(Math.min(height, width / ratio.get()));
        double x = snapPositionX(left + (width - shownWidth) / 2);
        double y = snapPositionY(top + (height - shownHeight) / 2);
        screen.resizeRelocate(x, y, shownWidth, shownHeight);
        window.setX(x);
        window.setY(y);
        window.setWidth(shownWidth);
        window.setHeight(shownHeight);
        // The border lies outside, where smooth enlarging takes colours from.
        film.get()
                .ifPresent(some -> {
                    double columnWidth = shownWidth / some.width();
                    double rowHeight = shownHeight / some.height();
                    picture.setX(x - columnWidth);
                    picture.setY(y - rowHeight);
                    picture.setFitWidth(shownWidth + 2 * columnWidth);
                    picture.setFitHeight(shownHeight + 2 * rowHeight);
                });
    }
}
