package dev.zoetrope.app.player;

import dev.zoetrope.app.files.DragOut;
import dev.zoetrope.runtime.media.FrameSize;

import javafx.animation.AnimationTimer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.shape.Rectangle;
import javafx.stage.Window;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A film in a frame whose shape is known before there is one. Another film in its place goes on
 * where the one before was, so that only its pictures seem to change.
 */
public final class FilmView extends Region {
    private final Transport transport;
    private final ObjectProperty<Optional<Film>> film =
            new SimpleObjectProperty<>(this, "film", Optional.empty());
    private final ObjectProperty<FrameSize> size =
            new SimpleObjectProperty<>(this, "size", new FrameSize(1, 1));
    private final ObjectProperty<Optional<Path>> file =
            new SimpleObjectProperty<>(this, "file", Optional.empty());
    private final Region screen = new Region();
    private final ImageView picture = new ImageView();
    private final Rectangle window = new Rectangle();
    private List<Image> images = List.of();
    private double panX;
    private double panY;
    private double dragX;
    private double dragY;

    /** Whether there is more of the picture than can be seen at once. */
    private boolean larger;

    private final AnimationTimer clock =
            new AnimationTimer() {
                @Override
                public void handle(long now) {
                    transport.tick(now);
                }
            };

    /**
     * An empty frame.
     *
     * @param transport tells which picture is shown, and how large
     * @param name for screen readers
     */
    public FilmView(Transport transport, String name) {
        this.transport = transport;
        getStyleClass().add("film-view");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setAccessibleText(name);
        screen.getStyleClass().add("screen");
        picture.setSmooth(true);
        picture.setClip(window);
        getChildren().addAll(screen, picture);
        film.subscribe(this::change);
        size.subscribe(_ -> requestLayout());
        // Whatever outlives this view is followed only while it can be seen.
        var seen = sceneProperty().map(_ -> true).orElse(false);
        transport.frameProperty().when(seen).subscribe(_ -> show());
        transport.speedProperty().when(seen).subscribe(_ -> run());
        transport
                .zoomProperty()
                .when(seen)
                .subscribe(_ -> {
                    panX = 0;
                    panY = 0;
                    requestLayout();
                });
        sceneProperty().subscribe(_ -> run());
        addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
        addEventHandler(MouseEvent.MOUSE_DRAGGED, this::pan);
        addEventHandler(MouseEvent.MOUSE_CLICKED, this::click);
        addEventHandler(MouseEvent.DRAG_DETECTED, this::takeAlong);
    }

    public ObjectProperty<Optional<Film>> filmProperty() {
        return film;
    }

    /** Of the whole clip, whatever its pictures are kept at; the frame has its shape. */
    public ObjectProperty<FrameSize> sizeProperty() {
        return size;
    }

    /** What is taken along when the picture is dragged out of the window. */
    public ObjectProperty<Optional<Path>> fileProperty() {
        return file;
    }

    Transport transport() {
        return transport;
    }

    /** Index of the picture on the screen; 0 while there is none. */
    public int shownPicture() {
        return film.get().map(some -> some.at(transport.seconds())).orElse(0);
    }

    /** Runs only where somebody can see it. */
    private void run() {
        if (transport.speed() != 0 && getScene() != null) {
            clock.start();
        } else {
            clock.stop();
        }
    }

    private void change(Optional<Film> changed) {
        images = changed.map(FilmView::images).orElse(List.of());
        show();
        requestLayout();
    }

    private void show() {
        picture.setImage(images.isEmpty() ? null : images.get(shownPicture()));
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

    private void press(MouseEvent event) {
        requestFocus();
        dragX = event.getX();
        dragY = event.getY();
    }

    private void click(MouseEvent event) {
        if (event.getButton() == MouseButton.PRIMARY && event.isStillSincePress()) {
            transport.toggle();
        }
    }

    private void pan(MouseEvent event) {
        if (larger) {
            panX += event.getX() - dragX;
            panY += event.getY() - dragY;
            dragX = event.getX();
            dragY = event.getY();
            requestLayout();
        }
    }

    private void takeAlong(MouseEvent event) {
        if (!larger && window.contains(event.getX(), event.getY())) {
            file.get()
                    .ifPresent(taken ->
                            DragOut.start(
                                    this, List.of(taken), Optional.ofNullable(picture.getImage())));
            event.consume();
        }
    }

    @Override
    protected void layoutChildren() {
        double left = snappedLeftInset();
        double top = snappedTopInset();
        double roomX = Math.max(1, getWidth() - left - snappedRightInset());
        double roomY = Math.max(1, getHeight() - top - snappedBottomInset());
        double scale =
                transport.zoomProperty().get() == Zoom.FIT
                        ? Math.min(roomX / size.get().width(), roomY / size.get().height())
                        : 1 / screenScale();
        double width = snapSizeX(scale * size.get().width());
        double height = snapSizeY(scale * size.get().height());
        double shownWidth = Math.min(roomX, width);
        double shownHeight = Math.min(roomY, height);
        double x = snapPositionX(left + (roomX - shownWidth) / 2);
        double y = snapPositionY(top + (roomY - shownHeight) / 2);
        screen.resizeRelocate(x, y, shownWidth, shownHeight);
        window.setX(x);
        window.setY(y);
        window.setWidth(shownWidth);
        window.setHeight(shownHeight);
        double slackX = (width - shownWidth) / 2;
        double slackY = (height - shownHeight) / 2;
        panX = Math.clamp(panX, -slackX, slackX);
        panY = Math.clamp(panY, -slackY, slackY);
        larger = slackX > 1 || slackY > 1;
        setCursor(larger ? Cursor.MOVE : null);
        // The border lies outside, where smooth enlarging takes colours from.
        film.get()
                .ifPresent(some -> {
                    double columnWidth = width / some.width();
                    double rowHeight = height / some.height();
                    picture.setX(snapPositionX(x - slackX + panX) - columnWidth);
                    picture.setY(snapPositionY(y - slackY + panY) - rowHeight);
                    picture.setFitWidth(width + 2 * columnWidth);
                    picture.setFitHeight(height + 2 * rowHeight);
                });
    }

    private double screenScale() {
        Window shownIn = getScene() == null ? null : getScene().getWindow();
        return shownIn == null ? 1 : shownIn.getOutputScaleX();
    }
}
