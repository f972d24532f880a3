package dev.zoetrope.app.player;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.reconstruction.FrameQuality;

import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.control.Label;
import javafx.scene.image.ImageView;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.shape.Rectangle;
import javafx.stage.Window;

import java.util.Optional;

/** The pictures of one frame, laid out for comparison. */
final class CompareView extends Region {
    private static final double GAP = 8;
    private static final double LABEL_INSET = 8;
    private static final double HANDLE_WIDTH = 28;
    private static final double SPLIT_STEP = 0.02;

    private final ObjectProperty<CompareMode> mode;
    private final ObjectProperty<Zoom> zoom;
    private final DoubleProperty split;
    private final Messages messages;
    private final Picture original;
    private final Picture reconstruction;
    private final Picture difference;
    private final StackPane handle = new StackPane();
    private Optional<Pictures> pictures = Optional.empty();
    private double panX;
    private double panY;
    private double dragX;
    private double dragY;

    CompareView(Playback playback, Messages messages, String left, String right) {
        this.messages = messages;
        mode = playback.modeProperty();
        zoom = playback.zoomProperty();
        split = playback.splitProperty();
        original = new Picture(left);
        reconstruction = new Picture(right);
        difference = new Picture(messages.get("player.difference"));
        getStyleClass().add("compare-view");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setAccessibleText(messages.get("player.pictures"));

        var line = new Region();
        line.getStyleClass().add("line");
        var grip = new Region();
        grip.getStyleClass().add("grip");
        handle.getStyleClass().add("wipe-handle");
        handle.setCursor(Cursor.H_RESIZE);
        handle.setFocusTraversable(true);
        handle.setAccessibleRole(AccessibleRole.SLIDER);
        handle.setAccessibleText(messages.get("player.split"));
        handle.getChildren().addAll(line, grip);
        handle.addEventHandler(KeyEvent.KEY_PRESSED, this::moveSplit);

        getChildren().addAll(original, reconstruction, difference, handle);
        mode.when(messages.spoken()).subscribe(_ -> requestLayout());
        split.when(messages.spoken()).subscribe(_ -> requestLayout());
        zoom.when(messages.spoken())
                .subscribe(_ -> {
                    panX = 0;
                    panY = 0;
                    requestLayout();
                });
        addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
        addEventHandler(MouseEvent.MOUSE_DRAGGED, this::drag);
    }

    /** Index of the frame on the screen, or {@link Playback#NONE}. */
    int shownFrame() {
        return pictures.map(Pictures::index).orElse(Playback.NONE);
    }

    /** Shows a frame. */
    void show(Pictures frame) {
        pictures = Optional.of(frame);
        original.image.setImage(frame.original());
        reconstruction.image.setImage(frame.reconstruction());
        difference.image.setImage(frame.difference());
        FrameQuality quality = frame.comparison().quality().get(frame.index());
        reconstruction.reading.setText(
                messages.get(
                        "player.quality", Decibels.text(quality.psnr(), messages), quality.ssim()));
        requestLayout();
    }

    /** Shows nothing. */
    void clear() {
        pictures = Optional.empty();
        requestLayout();
    }

    /** The wipe's line keeps the arrow keys for itself. */
    boolean splitFocused() {
        return handle.isFocused();
    }

    @Override
    protected void layoutChildren() {
        boolean shown = pictures.isPresent();
        original.setVisible(shown && mode.get() != CompareMode.DIFFERENCE);
        reconstruction.setVisible(shown && mode.get() != CompareMode.DIFFERENCE);
        difference.setVisible(shown && mode.get() == CompareMode.DIFFERENCE);
        handle.setVisible(shown && mode.get() == CompareMode.WIPE);
        pictures.map(Pictures::comparison).ifPresent(this::layoutPictures);
    }

    private void layoutPictures(Comparison clip) {
        double left = snappedLeftInset();
        double top = snappedTopInset();
        double width = getWidth() - left - snappedRightInset();
        double height = getHeight() - top - snappedBottomInset();
        double clipWidth = clip.clipWidth();
        double clipHeight = clip.clipHeight();
        if (mode.get() == CompareMode.SIDE_BY_SIDE) {
            boolean row = besides(width, height, clipWidth, clipHeight);
            double cellWidth = row ? (width - GAP) / 2 : width;
            double cellHeight = row ? height : (height - GAP) / 2;
            Placement frame = place(cellWidth, cellHeight, clipWidth, clipHeight);
            double blockWidth = row ? 2 * frame.width + GAP : frame.width;
            double blockHeight = row ? frame.height : 2 * frame.height + GAP;
            double x = snapPositionX(left + (width - blockWidth) / 2);
            double y = snapPositionY(top + (height - blockHeight) / 2);
            original.place(x, y, frame, 0);
            reconstruction.place(
                    row ? x + frame.width + GAP : x, row ? y : y + frame.height + GAP, frame, 0);
            original.label(Pos.TOP_LEFT);
            reconstruction.label(Pos.TOP_LEFT);
            return;
        }
        Placement frame = place(width, height, clipWidth, clipHeight);
        double x = snapPositionX(left + (width - frame.width) / 2);
        double y = snapPositionY(top + (height - frame.height) / 2);
        double cut = snapSizeX(split.get() * frame.width);
        original.place(x, y, frame, 0);
        reconstruction.place(x, y, frame, cut);
        difference.place(x, y, frame, 0);
        original.label(Pos.TOP_LEFT);
        reconstruction.label(Pos.TOP_RIGHT);
        difference.label(Pos.TOP_LEFT);
        handle.resizeRelocate(x + cut - HANDLE_WIDTH / 2, y, HANDLE_WIDTH, frame.height);
    }

    /** Whether two pictures are larger next to each other than one above the other. */
    private static boolean besides(
            double width, double height, double clipWidth, double clipHeight) {
        double row = Math.min((width - GAP) / 2 / clipWidth, height / clipHeight);
        double column = Math.min(width / clipWidth, (height - GAP) / 2 / clipHeight);
        return row >= column;
    }

    /** How a clip shows in a cell: the visible part, and the whole picture relative to it. */
    private Placement place(
            double cellWidth, double cellHeight, double clipWidth, double clipHeight) {
        double scale =
                zoom.get() == Zoom.FIT
                        ? Math.min(cellWidth / clipWidth, cellHeight / clipHeight)
                        : 1 / screenScale();
        double width = clipWidth * Math.max(0, scale);
        double height = clipHeight * Math.max(0, scale);
        double visibleWidth = snapSizeX(Math.max(1, Math.min(cellWidth, width)));
        double visibleHeight = snapSizeY(Math.max(1, Math.min(cellHeight, height)));
        double slackX = Math.max(0, width - visibleWidth) / 2;
        double slackY = Math.max(0, height - visibleHeight) / 2;
        panX = Math.max(-slackX, Math.min(slackX, panX));
        panY = Math.max(-slackY, Math.min(slackY, panY));
        return new Placement(
                visibleWidth, visibleHeight, panX - slackX, panY - slackY, width, height);
    }

    private double screenScale() {
        Window window = getScene() == null ? null : getScene().getWindow();
        return window == null ? 1 : window.getOutputScaleX();
    }

    private record Placement(
            double width,
            double height,
            double imageX,
            double imageY,
            double imageWidth,
            double imageHeight) {}

    private void press(MouseEvent event) {
        requestFocus();
        dragX = event.getX();
        dragY = event.getY();
        if (mode.get() == CompareMode.WIPE && zoom.get() == Zoom.FIT) {
            splitAt(event.getX());
        }
    }

    private void drag(MouseEvent event) {
        boolean onHandle = event.getTarget() != this && handle.isPressed();
        if (mode.get() == CompareMode.WIPE && (zoom.get() == Zoom.FIT || onHandle)) {
            splitAt(event.getX());
        } else if (zoom.get() == Zoom.ACTUAL_SIZE) {
            panX += event.getX() - dragX;
            panY += event.getY() - dragY;
            dragX = event.getX();
            dragY = event.getY();
            requestLayout();
        }
    }

    private void splitAt(double x) {
        double width = original.getWidth();
        if (width > 0) {
            split.set(Math.clamp((x - original.getLayoutX()) / width, 0, 1));
        }
    }

    private void moveSplit(KeyEvent event) {
        double by =
                switch (event.getCode()) {
                    case LEFT -> -SPLIT_STEP;
                    case RIGHT -> SPLIT_STEP;
                    default -> 0;
                };
        if (by != 0) {
            split.set(Math.clamp(split.get() + by, 0, 1));
            event.consume();
        }
    }

    /** A picture with its name on it, cut off at its frame. */
    private static final class Picture extends Region {
        private final ImageView image = new ImageView();
        private final Label reading = new Label();
        private final HBox caption = new HBox();
        private final Rectangle clip = new Rectangle();
        private Pos corner = Pos.TOP_LEFT;
        private double cut;

        Picture(String name) {
            var what = new Label(name);
            what.setMinWidth(USE_PREF_SIZE);
            reading.getStyleClass().add("reading");
            reading.managedProperty().bind(reading.textProperty().isNotEmpty());
            caption.getStyleClass().add("caption");
            caption.getChildren().addAll(what, reading);
            setClip(clip);
            setMouseTransparent(true);
            getChildren().addAll(image, caption);
        }

        /**
         * Puts the picture into the view.
         *
         * @param hidden pixels that are cut off at the left
         */
        void place(double x, double y, Placement frame, double hidden) {
            cut = hidden;
            clip.setX(hidden);
            clip.setWidth(Math.max(0, frame.width - hidden));
            clip.setHeight(frame.height);
            image.setX(frame.imageX);
            image.setY(frame.imageY);
            image.setFitWidth(frame.imageWidth);
            image.setFitHeight(frame.imageHeight);
            resizeRelocate(x, y, frame.width, frame.height);
            requestLayout();
        }

        void label(Pos position) {
            corner = position;
        }

        @Override
        protected void layoutChildren() {
            double room = Math.max(0, getWidth() - 2 * LABEL_INSET);
            double width = Math.min(room, caption.prefWidth(-1));
            double x =
                    corner == Pos.TOP_RIGHT ? getWidth() - LABEL_INSET - width : cut + LABEL_INSET;
            caption.resizeRelocate(x, LABEL_INSET, width, caption.prefHeight(-1));
        }
    }
}
