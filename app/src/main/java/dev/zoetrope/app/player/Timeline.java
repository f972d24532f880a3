package dev.zoetrope.app.player;

import dev.zoetrope.app.text.Messages;

import javafx.scene.AccessibleAction;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The line to scrub along: how long the clip is, how much of it is made, which part is played, and
 * where one is.
 */
final class Timeline extends Region {
    private static final double HEIGHT = 20;
    private static final double TRACK = 4;
    private static final double END_WIDTH = 3;
    private static final double END_HEIGHT = 14;
    private static final double THUMB_WIDTH = 10;
    private static final double THUMB_HEIGHT = 18;

    private final Transport transport;
    private final Region track = part("track");
    private final Region made = part("made");
    private final Region played = part("played");
    private final Region in = part("end");
    private final Region out = part("end");
    private final Region thumb = part("thumb");

    Timeline(Transport transport, Messages messages) {
        this.transport = transport;
        getStyleClass().add("timeline");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.SLIDER);
        setAccessibleText(messages.get("player.timeline"));
        getChildren().addAll(track, made, played, in, out, thumb);
        addEventHandler(MouseEvent.MOUSE_PRESSED, this::scrub);
        addEventHandler(MouseEvent.MOUSE_DRAGGED, this::scrub);
        Stream.of(
                        transport.lengthProperty(),
                        transport.availableProperty(),
                        transport.inProperty(),
                        transport.outProperty())
                .forEach(value -> value.when(messages.spoken()).subscribe(_ -> requestLayout()));
        transport
                .frameProperty()
                .when(messages.spoken())
                .subscribe(_ -> {
                    requestLayout();
                    notifyAccessibleAttributeChanged(AccessibleAttribute.VALUE);
                });
    }

    private static Region part(String styleClass) {
        var region = new Region();
        region.getStyleClass().add(styleClass);
        region.setMouseTransparent(true);
        return region;
    }

    private void scrub(MouseEvent event) {
        requestFocus();
        scale().ifPresent(scale -> transport.seek(scale.at(event.getX())));
    }

    private Optional<FrameScale> scale() {
        return transport.availableProperty().get() > 0 && getWidth() > 0
                ? Optional.of(new FrameScale(transport.lengthProperty().get(), getWidth()))
                : Optional.empty();
    }

    @Override
    protected void layoutChildren() {
        double middle = snapPositionY((getHeight() - TRACK) / 2);
        track.resizeRelocate(0, middle, getWidth(), TRACK);
        Optional<FrameScale> scale = scale();
        made.setVisible(scale.isPresent());
        played.setVisible(scale.isPresent());
        thumb.setVisible(scale.isPresent());
        in.setVisible(scale.isPresent() && transport.inProperty().get() != Transport.NONE);
        out.setVisible(scale.isPresent() && transport.outProperty().get() != Transport.NONE);
        scale.ifPresent(frames -> {
            double from = in.isVisible() ? frames.left(transport.inProperty().get()) : 0;
            double to =
                    out.isVisible()
                            ? frames.left(transport.outProperty().get() + 1)
                            : frames.left(transport.availableProperty().get());
            double x = frames.middle(Math.max(0, transport.frame()));
            made.resizeRelocate(from, middle, to - from, TRACK);
            played.resizeRelocate(from, middle, Math.clamp(x, from, to) - from, TRACK);
            end(in, from);
            end(out, to - END_WIDTH);
            thumb.resizeRelocate(
                    snapPositionX(x - THUMB_WIDTH / 2),
                    snapPositionY((getHeight() - THUMB_HEIGHT) / 2),
                    THUMB_WIDTH,
                    THUMB_HEIGHT);
        });
    }

    private void end(Region mark, double x) {
        mark.resizeRelocate(
                snapPositionX(x),
                snapPositionY((getHeight() - END_HEIGHT) / 2),
                END_WIDTH,
                END_HEIGHT);
    }

    @Override
    protected double computePrefHeight(double width) {
        return HEIGHT;
    }

    @Override
    protected double computeMinHeight(double width) {
        return HEIGHT;
    }

    @Override
    public Object queryAccessibleAttribute(AccessibleAttribute attribute, Object... parameters) {
        return switch (attribute) {
            case VALUE -> (double) Math.max(0, transport.frame());
            case MIN_VALUE -> 0.0;
            case MAX_VALUE -> Math.max(0.0, transport.availableProperty().get() - 1.0);
            default -> super.queryAccessibleAttribute(attribute, parameters);
        };
    }

    @Override
    public void executeAccessibleAction(AccessibleAction action, Object... parameters) {
        switch (action) {
            case INCREMENT -> transport.step(1);
            case DECREMENT -> transport.step(-1);
            default -> super.executeAccessibleAction(action, parameters);
        }
    }
}
