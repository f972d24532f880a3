package dev.zoetrope.app.player;

import dev.zoetrope.app.text.Messages;

import javafx.scene.AccessibleAction;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
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
    private static final double THUMB_WIDTH = 10;
    private static final double THUMB_HEIGHT = 18;
    private static final double ABOVE = 6;

    private final Transport transport;
    private final Messages messages;
    private final Region track = part("track");
    private final Region made = part("made");
    private final Region played = part("played");
    private final Region thumb = part("thumb");
    private final Optional<Trim> trim;

    /** The ends of the part that is played, of which one is dragged at a time. */
    private final class Trim {
        final TrimHandle in = new TrimHandle(transport, messages.get("player.in.handle"), true);
        final TrimHandle out = new TrimHandle(transport, messages.get("player.out.handle"), false);
        final Label reading = new Label();
        Optional<TrimHandle> dragged = Optional.empty();
        private double grip;

        Trim() {
            reading.getStyleClass().add("reading");
            reading.setMouseTransparent(true);
            reading.setVisible(false);
        }

        boolean begin(MouseEvent event) {
            dragged = Stream.of(in, out).filter(handle -> handle == event.getTarget()).findFirst();
            dragged.ifPresent(handle -> {
                grip = event.getX() - edge(handle);
                transport.pause();
            });
            return dragged.isPresent();
        }

        private double edge(TrimHandle handle) {
            return handle.getLayoutX() + (handle.begins() ? TrimHandle.WIDTH : 0);
        }

        void drag(FrameScale scale, MouseEvent event) {
            dragged.ifPresent(handle -> {
                int edge = scale.edge(event.getX() - grip);
                handle.moveTo(handle.begins() ? edge : edge - 1);
                int frame = handle.frame();
                reading.setText(messages.get("player.at", frame + 1, frame / transport.fps()));
                reading.setVisible(true);
                requestLayout();
            });
        }

        void end() {
            dragged = Optional.empty();
            reading.setVisible(false);
        }

        void show(boolean shown, double from, double to) {
            in.setVisible(shown);
            out.setVisible(shown);
            double top = snapPositionY((getHeight() - TrimHandle.HEIGHT) / 2);
            in.resizeRelocate(
                    snapPositionX(from - TrimHandle.WIDTH),
                    top,
                    TrimHandle.WIDTH,
                    TrimHandle.HEIGHT);
            out.resizeRelocate(snapPositionX(to), top, TrimHandle.WIDTH, TrimHandle.HEIGHT);
            dragged.ifPresent(handle -> {
                reading.autosize();
                double middle = handle.begins() ? from : to;
                reading.relocate(
                        snapPositionX(
                                Math.clamp(
                                        middle - reading.getWidth() / 2,
                                        0,
                                        Math.max(0, getWidth() - reading.getWidth()))),
                        snapPositionY(-reading.getHeight() - ABOVE));
            });
        }
    }

    /**
     * @param trims whether the ends of the part that is played can be dragged
     */
    Timeline(Transport transport, Messages messages, boolean trims) {
        this.transport = transport;
        this.messages = messages;
        this.trim = trims ? Optional.of(new Trim()) : Optional.empty();
        getStyleClass().add("timeline");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.SLIDER);
        setAccessibleText(messages.get("player.timeline"));
        getChildren().addAll(track, made, played, thumb);
        trim.ifPresent(ends -> getChildren().addAll(ends.in, ends.out, ends.reading));
        addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
        addEventHandler(MouseEvent.MOUSE_DRAGGED, this::drag);
        addEventHandler(MouseEvent.MOUSE_RELEASED, _ -> trim.ifPresent(Trim::end));
        Stream.of(transport.lengthProperty(), transport.availableProperty())
                .forEach(value -> value.when(messages.spoken()).subscribe(_ -> requestLayout()));
        trim.ifPresent(ends -> {
            follow(ends.in);
            follow(ends.out);
        });
        transport
                .frameProperty()
                .when(messages.spoken())
                .subscribe(_ -> {
                    requestLayout();
                    notifyAccessibleAttributeChanged(AccessibleAttribute.VALUE);
                });
    }

    private void follow(TrimHandle handle) {
        handle.pointProperty()
                .when(messages.spoken())
                .subscribe(_ -> {
                    handle.change();
                    requestLayout();
                });
    }

    private static Region part(String styleClass) {
        var region = new Region();
        region.getStyleClass().add(styleClass);
        region.setMouseTransparent(true);
        return region;
    }

    private void press(MouseEvent event) {
        requestFocus();
        if (!trim.map(ends -> ends.begin(event)).orElse(false)) {
            scrub(event);
        }
    }

    private void drag(MouseEvent event) {
        if (trim.flatMap(ends -> ends.dragged).isPresent()) {
            scale().ifPresent(frames -> trim.ifPresent(ends -> ends.drag(frames, event)));
        } else {
            scrub(event);
        }
    }

    private void scrub(MouseEvent event) {
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
        trim.ifPresent(ends -> ends.show(false, 0, getWidth()));
        scale.ifPresent(frames -> {
            int in = transport.inProperty().get();
            int out = transport.outProperty().get();
            double from = frames.left(Math.max(0, in));
            double to =
                    frames.left(
                            out == Transport.NONE ? transport.availableProperty().get() : out + 1);
            double x = frames.middle(Math.max(0, transport.frame()));
            made.resizeRelocate(from, middle, to - from, TRACK);
            played.resizeRelocate(from, middle, Math.clamp(x, from, to) - from, TRACK);
            trim.ifPresent(ends -> ends.show(frames.frames() > 1, from, to));
            thumb.resizeRelocate(
                    snapPositionX(x - THUMB_WIDTH / 2),
                    snapPositionY((getHeight() - THUMB_HEIGHT) / 2),
                    THUMB_WIDTH,
                    THUMB_HEIGHT);
        });
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
