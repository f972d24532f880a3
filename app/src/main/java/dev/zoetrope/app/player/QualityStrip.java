package dev.zoetrope.app.player;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.reconstruction.FrameQuality;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.shape.ClosePath;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.shape.PathElement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * PSNR over time, under the timeline and in line with it. A click goes to the frame. The curve is
 * redrawn once per pulse at most, however many frames have come.
 */
final class QualityStrip extends Region {
    private static final double HEIGHT = 52;
    private static final double LABEL_X = 4;
    private static final double LABEL_GAP = 2;

    /** PSNR of a frame that is equal to its original, for the drawing. */
    private static final double CEILING_DB = 60;

    /** Decibels between bottom and top, at least, so that a steady clip draws a steady line. */
    private static final double LEAST_RANGE_DB = 4;

    private final Playback playback;
    private final Messages messages;
    private final Path area = new Path();
    private final Path line = new Path();
    private final Region playhead = new Region();
    private final Region worst = new Region();
    private final Label top = new Label();
    private final Label bottom = new Label();
    private final List<Node> drawing = List.of(area, line, worst, playhead, top, bottom);
    private final Label reading = new Label();
    private boolean stale = true;
    private double drawnWidth;

    QualityStrip(Playback playback, Messages messages) {
        this.playback = playback;
        this.messages = messages;
        getStyleClass().add("quality-strip");
        setAccessibleText(messages.get("player.strip"));
        area.getStyleClass().add("area");
        line.getStyleClass().add("line");
        playhead.getStyleClass().add("playhead");
        worst.getStyleClass().add("worst");
        top.getStyleClass().add("scale");
        bottom.getStyleClass().add("scale");
        reading.getStyleClass().add("reading");
        reading.setVisible(false);
        getChildren().addAll(drawing);
        getChildren().add(reading);
        getChildren().forEach(child -> child.setMouseTransparent(true));
        getChildren().forEach(child -> child.setManaged(false));

        playback.comparisonProperty().when(messages.spoken()).subscribe(_ -> redraw());
        playback.availableProperty().when(messages.spoken()).subscribe(_ -> redraw());
        playback.frameProperty().when(messages.spoken()).subscribe(_ -> requestLayout());
        addEventHandler(MouseEvent.MOUSE_PRESSED, this::jump);
        addEventHandler(MouseEvent.MOUSE_DRAGGED, this::jump);
        addEventHandler(MouseEvent.MOUSE_MOVED, this::read);
        addEventHandler(MouseEvent.MOUSE_EXITED, _ -> reading.setVisible(false));
    }

    private void redraw() {
        stale = true;
        requestLayout();
    }

    private void jump(MouseEvent event) {
        scale().ifPresent(scale -> playback.seek(scale.at(event.getX())));
        read(event);
    }

    private void read(MouseEvent event) {
        Optional<FrameScale> scale = scale();
        ObservableList<FrameQuality> quality = quality();
        int index = scale.map(frames -> frames.at(event.getX())).orElse(Playback.NONE);
        reading.setVisible(index >= 0 && index < quality.size());
        if (reading.isVisible()) {
            FrameQuality frame = quality.get(index);
            reading.setText(
                    messages.get(
                            "player.reading",
                            index + 1,
                            Decibels.text(frame.psnr(), messages),
                            frame.ssim()));
            double width = reading.prefWidth(-1);
            double x = Math.clamp(event.getX() - width / 2, 0, Math.max(0, getWidth() - width));
            reading.resizeRelocate(x, 2, width, reading.prefHeight(-1));
        }
    }

    private ObservableList<FrameQuality> quality() {
        return playback.comparisonProperty()
                .get()
                .map(Comparison::quality)
                .orElseGet(FXCollections::emptyObservableList);
    }

    private Optional<FrameScale> scale() {
        return playback.comparisonProperty()
                .get()
                .filter(clip -> clip.available() > 0 && getWidth() > 0)
                .map(clip -> new FrameScale(clip.length(), getWidth()));
    }

    @Override
    protected void layoutChildren() {
        Optional<FrameScale> scale = scale();
        drawing.forEach(child -> child.setVisible(scale.isPresent()));
        if (scale.isEmpty()) {
            reading.setVisible(false);
            return;
        }
        FrameScale frames = scale.get();
        if (stale || drawnWidth != getWidth()) {
            draw(frames);
            stale = false;
            drawnWidth = getWidth();
        }
        double width = Math.max(2, getWidth() / frames.frames());
        playhead.resizeRelocate(
                frames.middle(Math.max(0, playback.frame())) - width / 2, 0, width, getHeight());
    }

    private void draw(FrameScale frames) {
        List<FrameQuality> quality = quality();
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        int worstFrame = 0;
        for (int i = 0; i < quality.size(); i++) {
            double psnr = drawn(quality.get(i));
            if (psnr < lowest) {
                lowest = psnr;
                worstFrame = i;
            }
            highest = Math.max(highest, psnr);
        }
        double middle = (lowest + highest) / 2;
        double range = Math.max(LEAST_RANGE_DB, highest - lowest);
        double ceiling = Math.ceil(middle + 0.65 * range);
        double floor = Math.floor(middle - 0.85 * range);

        var outline = new ArrayList<PathElement>();
        int columns = (int) Math.min(quality.size(), Math.max(1, getWidth() / 2));
        for (int column = 0; column < columns; column++) {
            int from = (int) ((long) column * quality.size() / columns);
            int to = (int) ((column + 1L) * quality.size() / columns);
            double psnr = Double.POSITIVE_INFINITY;
            for (int i = from; i < to; i++) {
                psnr = Math.min(psnr, drawn(quality.get(i)));
            }
            double y = getHeight() * (ceiling - psnr) / (ceiling - floor);
            outline.add(column == 0 ? new MoveTo(0, y) : new LineTo(frames.left(from), y));
            outline.add(new LineTo(frames.left(to), y));
        }
        line.getElements().setAll(outline);
        var closed = new ArrayList<>(outline);
        closed.add(new LineTo(frames.left(quality.size()), getHeight()));
        closed.add(new LineTo(0, getHeight()));
        closed.add(new ClosePath());
        area.getElements().setAll(closed);

        double markY = getHeight() * (ceiling - lowest) / (ceiling - floor);
        worst.resizeRelocate(frames.middle(worstFrame) - 3, markY - 3, 6, 6);
        label(top, messages.get("player.decibels", ceiling));
        top.relocate(LABEL_X, LABEL_GAP);
        label(bottom, messages.get("player.decibels", floor));
        bottom.relocate(LABEL_X, getHeight() - LABEL_GAP - bottom.getHeight());
    }

    private static double drawn(FrameQuality quality) {
        return Math.min(CEILING_DB, quality.psnr());
    }

    private static void label(Label label, String text) {
        label.setText(text);
        label.resize(label.prefWidth(-1), label.prefHeight(-1));
    }

    @Override
    protected double computePrefHeight(double width) {
        return HEIGHT;
    }

    @Override
    protected double computeMinHeight(double width) {
        return HEIGHT;
    }
}
