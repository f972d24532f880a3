package dev.zoetrope.app.generate;

import javafx.scene.layout.Region;

import java.util.Optional;

/** The frame of a clip, small, and dashed around it the one that its model was trained on. */
final class ShapeDrawing extends Region {
    private static final double SIDE = 44;

    private final Region trained = part("trained");
    private final Region frame = part("frame");
    private Optional<ClipForm> form = Optional.empty();
    private Optional<Stops> stops = Optional.empty();

    ShapeDrawing() {
        getStyleClass().add("shape-drawing");
        setMinSize(SIDE, SIDE);
        setPrefSize(SIDE, SIDE);
        setMaxSize(SIDE, SIDE);
        getChildren().addAll(trained, frame);
    }

    private static Region part(String styleClass) {
        var region = new Region();
        region.getStyleClass().add(styleClass);
        return region;
    }

    void show(Optional<ClipForm> shown, Optional<Stops> offered) {
        form = shown;
        stops = offered;
        requestLayout();
    }

    @Override
    protected void layoutChildren() {
        boolean known = form.isPresent() && stops.isPresent();
        trained.setVisible(known);
        frame.setVisible(known);
        if (known) {
            var model = stops.get().model();
            var size = form.get().size();
            double largest =
                    Math.max(
                            Math.max(model.width(), model.height()),
                            Math.max(size.width(), size.height()));
            place(trained, SIDE * model.width() / largest, SIDE * model.height() / largest);
            place(frame, SIDE * size.width() / largest, SIDE * size.height() / largest);
        }
    }

    private void place(Region part, double width, double height) {
        double w = snapSizeX(width);
        double h = snapSizeY(height);
        part.resizeRelocate(snapPositionX((SIDE - w) / 2), snapPositionY((SIDE - h) / 2), w, h);
    }
}
