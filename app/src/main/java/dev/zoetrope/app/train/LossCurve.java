package dev.zoetrope.app.train;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.training.LossPoint;

import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.collections.WeakListChangeListener;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.shape.PathElement;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The loss over the steps, on a logarithmic axis, and that of another run behind it. Redrawn once
 * per pulse at most.
 */
final class LossCurve extends Region {
    private static final double LEFT = 58;
    private static final double RIGHT = 16;
    private static final double TOP = 12;
    private static final double BOTTOM = 26;

    /** Of the largest to the smallest loss on the axis, at least: a steady one is a steady line. */
    private static final double LEAST_RATIO = 1.6;

    private static final double LEAST_GAP = 34;

    private final Messages messages;
    private final ObservableList<LossPoint> losses;
    private final ObservableList<LossPoint> others;
    private final ListChangeListener<LossPoint> grown = _ -> requestLayout();
    private final Path grid = new Path();
    private final Path otherLine = new Path();
    private final Path line = new Path();
    private long steps;

    /**
     * @param losses in the order of their steps
     * @param others likewise
     */
    LossCurve(
            ObservableList<LossPoint> losses, ObservableList<LossPoint> others, Messages messages) {
        this.losses = losses;
        this.others = others;
        this.messages = messages;
        getStyleClass().add("loss-curve");
        setAccessibleText(messages.get("train.curve"));
        setMinHeight(140);
        grid.getStyleClass().add("grid");
        otherLine.getStyleClass().add("other-line");
        line.getStyleClass().add("line");
        for (Path path : List.of(grid, otherLine, line)) {
            path.setManaged(false);
        }
        losses.addListener(new WeakListChangeListener<>(grown));
        others.addListener(new WeakListChangeListener<>(grown));
    }

    /** Where the curve will end. */
    void setSteps(long steps) {
        if (this.steps != steps) {
            this.steps = steps;
            requestLayout();
        }
    }

    /** Places on the axes. */
    private record Axes(
            long first, long last, double low, double high, double width, double height) {
        double x(long step) {
            return LEFT
                    + (width - LEFT - RIGHT)
                            * ((double) (step - first) / Math.max(1, last - first));
        }

        double y(double loss) {
            double part = Math.log(loss / low) / Math.log(high / low);
            return height - BOTTOM - (height - TOP - BOTTOM) * part;
        }
    }

    @Override
    protected void layoutChildren() {
        getChildren().setAll(grid, otherLine, line);
        grid.getElements().clear();
        List<LossPoint> shown = shown(losses);
        List<LossPoint> behind = shown(others);
        if (shown.isEmpty()) {
            line.getElements().clear();
            otherLine.getElements().clear();
            return;
        }
        Axes axes = axes(shown, behind);
        drawScale(axes);
        otherLine.getElements().setAll(curve(behind, axes));
        line.getElements().setAll(curve(shown, axes));
    }

    /** What is no number above 0 has no place on a logarithmic axis. */
    private static List<LossPoint> shown(List<LossPoint> losses) {
        return losses.stream().filter(p -> p.loss() > 0 && p.loss() < 1e30).toList();
    }

    private Axes axes(List<LossPoint> shown, List<LossPoint> behind) {
        var range =
                Stream.concat(shown.stream(), behind.stream())
                        .mapToDouble(LossPoint::loss)
                        .summaryStatistics();
        double low = range.getMin();
        double high = range.getMax();
        double widening = Math.sqrt(Math.max(1, LEAST_RATIO / (high / low)));
        long last = shown.getLast().step();
        long first = shown.getFirst().step();
        long end = Math.max(last, Math.min(steps, 2 * last));
        if (!behind.isEmpty()) {
            first = Math.min(first, behind.getFirst().step());
            end = Math.max(end, behind.getLast().step());
        }
        return new Axes(
                first, end, low / widening / 1.05, high * widening * 1.05, getWidth(), getHeight());
    }

    /** One place of the curve for a pixel at most: the mean of the losses that share it. */
    private static List<PathElement> curve(List<LossPoint> shown, Axes axes) {
        List<PathElement> elements = new ArrayList<>();
        int at = 0;
        while (at < shown.size()) {
            double x = Math.rint(axes.x(shown.get(at).step()));
            double sum = 0;
            int count = 0;
            while (at < shown.size() && Math.rint(axes.x(shown.get(at).step())) == x) {
                sum += shown.get(at).loss();
                count++;
                at++;
            }
            double y = axes.y(sum / count);
            elements.add(elements.isEmpty() ? new MoveTo(x, y) : new LineTo(x, y));
        }
        if (elements.size() == 1) {
            // A single place would draw nothing.
            elements.add(
                    new LineTo(axes.x(shown.getLast().step()) + 1, axes.y(shown.getLast().loss())));
        }
        return elements;
    }

    private void drawScale(Axes axes) {
        double below = Double.POSITIVE_INFINITY;
        for (double loss : ticks(axes.low(), axes.high())) {
            double y = Math.rint(axes.y(loss)) + 0.5;
            if (below - y < LEAST_GAP) {
                continue;
            }
            below = y;
            grid.getElements().addAll(new MoveTo(LEFT, y), new LineTo(axes.width() - RIGHT, y));
            Label label =
                    label(messages.get(loss < 0.01 ? "train.loss.small" : "train.loss", loss));
            place(label, LEFT - 8 - label.prefWidth(-1), y - label.prefHeight(-1) / 2);
        }
        Label first = label(messages.get("train.axis.step", axes.first()));
        place(first, LEFT, axes.height() - BOTTOM + 6);
        Label last = label(messages.get("train.axis.step", axes.last()));
        place(last, axes.width() - RIGHT - last.prefWidth(-1), axes.height() - BOTTOM + 6);
    }

    /** Round losses within the axis, from below. */
    private static List<Double> ticks(double low, double high) {
        // Within one decade 1, 2, 5 would leave an axis with hardly a number.
        double[] digits =
                high / low > 8
                        ? new double[] {1, 2, 5}
                        : new double[] {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9};
        List<Double> ticks = new ArrayList<>();
        for (int decade = (int) Math.floor(Math.log10(low));
                Math.pow(10, decade) <= high;
                decade++) {
            for (double digit : digits) {
                double loss = digit * Math.pow(10, decade);
                if (loss >= low && loss <= high) {
                    ticks.add(loss);
                }
            }
        }
        return ticks;
    }

    private Label label(String text) {
        var label = new Label(text);
        label.getStyleClass().add("scale");
        label.setManaged(false);
        getChildren().add(label);
        label.applyCss();
        return label;
    }

    private static void place(Label label, double x, double y) {
        label.resizeRelocate(Math.rint(x), Math.rint(y), label.prefWidth(-1), label.prefHeight(-1));
    }
}
