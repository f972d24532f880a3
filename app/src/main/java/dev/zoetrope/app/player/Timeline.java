package dev.zoetrope.app.player;

import dev.zoetrope.app.text.Messages;

import javafx.scene.AccessibleAction;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;

import java.util.Optional;

/** The line to scrub along: how long the clip is, how much of it is made, and where one is. */
final class Timeline extends Region {
    private static final double HEIGHT = 20;
    private static final double TRACK = 4;
    private static final double THUMB_WIDTH = 10;
    private static final double THUMB_HEIGHT = 18;

    private final Playback playback;
    private final Region track = part("track");
    private final Region made = part("made");
    private final Region played = part("played");
    private final Region thumb = part("thumb");

    Timeline(Playback playback, Messages messages) {
        this.playback = playback;
        getStyleClass().add("timeline");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.SLIDER);
        setAccessibleText(messages.get("player.timeline"));
        getChildren().addAll(track, made, played, thumb);
        addEventHandler(MouseEvent.MOUSE_PRESSED, this::scrub);
        addEventHandler(MouseEvent.MOUSE_DRAGGED, this::scrub);
        playback.comparisonProperty().when(messages.spoken()).subscribe(_ -> requestLayout());
        playback.availableProperty().when(messages.spoken()).subscribe(_ -> requestLayout());
        playback.frameProperty()
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
        scale().ifPresent(scale -> playback.seek(scale.at(event.getX())));
    }

    private Optional<FrameScale> scale() {
        return playback.comparisonProperty()
                .get()
                .filter(clip -> clip.available() > 0 && getWidth() > 0)
                .map(clip -> new FrameScale(clip.length(), getWidth()));
    }

    @Override
    protected void layoutChildren() {
        double middle = snapPositionY((getHeight() - TRACK) / 2);
        track.resizeRelocate(0, middle, getWidth(), TRACK);
        Optional<FrameScale> scale = scale();
        made.setVisible(scale.isPresent());
        played.setVisible(scale.isPresent());
        thumb.setVisible(scale.isPresent());
        scale.ifPresent(frames -> {
            int available = playback.comparisonProperty().get().orElseThrow().available();
            double x = frames.middle(Math.max(0, playback.frame()));
            made.resizeRelocate(0, middle, frames.left(available), TRACK);
            played.resizeRelocate(0, middle, x, TRACK);
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
            case VALUE -> (double) Math.max(0, playback.frame());
            case MIN_VALUE -> 0.0;
            case MAX_VALUE ->
                    playback.comparisonProperty()
                            .get()
                            .map(clip -> Math.max(0.0, clip.available() - 1.0))
                            .orElse(0.0);
            default -> super.queryAccessibleAttribute(attribute, parameters);
        };
    }

    @Override
    public void executeAccessibleAction(AccessibleAction action, Object... parameters) {
        switch (action) {
            case INCREMENT -> playback.step(1);
            case DECREMENT -> playback.step(-1);
            default -> super.executeAccessibleAction(action, parameters);
        }
    }
}
