package dev.zoetrope.app.settings;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.fx.Reveal;
import dev.zoetrope.app.problem.Explanation;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.gpu.Gpu;
import dev.zoetrope.runtime.gpu.GpuState;
import dev.zoetrope.runtime.problem.Problem;

import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The GPU of this machine, what it would take to compute on it, and how far that is. Not there
 * where there is no GPU, or the person has named a libtorch.
 */
final class GpuRow extends VBox {
    private static final double GB = 1e9;
    private static final double MB = 1e6;
    private static final double SECONDS_OF_MINUTE = 60;

    private final Messages messages;
    private final Label name = new Label();
    private final Label words = new Label();
    private final ProgressBar bar = new ProgressBar();
    private final HBox beside = buttons();
    private final HBox below = buttons();
    private final Button get;
    private final Button accept;
    private final Button decline;
    private final Button stop;
    private final Button remove;

    GpuRow(GpuViewModel model, Messages messages) {
        this.messages = messages;
        get = button("settings.gpu.get", model::ask);
        accept = button("settings.gpu.accept", model::accept);
        accept.getStyleClass().add(Styles.ACCENT);
        decline = button("settings.gpu.decline", model::decline);
        stop = button("settings.gpu.stop", model::stop);
        remove = button("settings.gpu.remove", model::remove);
        words.getStyleClass().add("facts");
        words.setWrapText(true);
        name.setWrapText(true);
        bar.setMaxWidth(Double.MAX_VALUE);
        bar.setAccessibleText(messages.get("settings.gpu.progress"));
        bar.managedProperty().bind(bar.visibleProperty());
        var column = new VBox(name, words, bar);
        column.getStyleClass().add("words");
        column.setAlignment(Pos.CENTER_LEFT);
        column.setMinWidth(0);
        HBox.setHgrow(column, Priority.ALWAYS);
        var head = new HBox(column, beside);
        head.getStyleClass().add("head");
        head.setAlignment(Pos.CENTER_LEFT);
        getStyleClass().addAll("row", "gpu");
        getChildren().addAll(head, below);
        managedProperty().bind(visibleProperty());
        model.stepProperty().when(messages.spoken()).subscribe(this::show);
    }

    private Button button(String key, Runnable action) {
        var button = new Button(messages.get(key));
        button.setMnemonicParsing(true);
        button.setOnAction(_ -> action.run());
        return button;
    }

    private static HBox buttons() {
        var buttons = new HBox();
        buttons.getStyleClass().add("range");
        buttons.setAlignment(Pos.CENTER_RIGHT);
        buttons.setMinWidth(Region.USE_PREF_SIZE);
        buttons.visibleProperty().bind(Bindings.isNotEmpty(buttons.getChildren()));
        buttons.managedProperty().bind(buttons.visibleProperty());
        return buttons;
    }

    private void show(GpuStep step) {
        bar.setVisible(step instanceof GpuStep.Bringing || step instanceof GpuStep.Removing);
        Optional<Gpu> gpu = step.known().flatMap(GpuRow::gpu);
        setVisible(gpu.isPresent());
        gpu.ifPresent(one -> name.setText(one.name()));
        switch (step) {
            case GpuStep.Unknown _ -> {}
            case GpuStep.Found(var state) -> show(state);
            case GpuStep.Asked(var missing, var repository) ->
                    sayMore(
                            messages.get(
                                    "settings.gpu.consent",
                                    missing.left() / GB,
                                    missing.onDisk() / GB,
                                    repository.getHost()),
                            decline,
                            accept);
            case GpuStep.Bringing bringing -> {
                bar.setProgress(bringing.fraction());
                say(progress(bringing), stop);
            }
            case GpuStep.Removing _ -> {
                bar.setProgress(ProgressBar.INDETERMINATE_PROGRESS);
                say(messages.get("settings.gpu.removing"));
            }
            case GpuStep.Failed(var state, var why) -> {
                show(state);
                words.setText(explained(why));
            }
        }
    }

    private static Optional<Gpu> gpu(GpuState state) {
        return switch (state) {
            case GpuState.Hindered(var some, _) -> some;
            case GpuState.Missing missing -> Optional.of(missing.gpu());
            case GpuState.Ready ready -> Optional.of(ready.gpu());
            case GpuState.Own _ -> Optional.empty();
        };
    }

    private void show(GpuState state) {
        switch (state) {
            case GpuState.Hindered(_, var why) -> say(explained(why));
            case GpuState.Missing(_, var left, var came, _) ->
                    say(
                            came == 0
                                    ? messages.get("settings.gpu.missing", left / GB)
                                    : messages.get(
                                            "settings.gpu.begun", came / GB, (came + left) / GB),
                            get);
            case GpuState.Ready _ -> say(messages.get("settings.gpu.ready"), remove);
            case GpuState.Own _ -> say("");
        }
    }

    private void say(String text, Button... offered) {
        words.setText(text);
        offer(List.of(offered), List.of());
    }

    /** What is long has the buttons below it. */
    private void sayMore(String text, Button... offered) {
        words.setText(text);
        offer(List.of(), List.of(offered));
        Reveal.grown(this);
    }

    /** Takes the focus along where the button that had it is gone. */
    private void offer(List<Button> near, List<Button> under) {
        if (beside.getChildren().equals(near) && below.getChildren().equals(under)) {
            return;
        }
        boolean focused = beside.isFocusWithin() || below.isFocusWithin();
        beside.getChildren().setAll(near);
        below.getChildren().setAll(under);
        if (focused) {
            Stream.concat(near.stream(), under.stream())
                    .findFirst()
                    .ifPresent(Button::requestFocus);
        }
    }

    private String explained(Problem why) {
        var said = Explanation.of(why, messages);
        return said.cause() + " " + said.remedy();
    }

    private String progress(GpuStep.Bringing now) {
        if (now.now().unpacking()) {
            return messages.get("settings.gpu.unpacking", now.now().library());
        }
        double minutes = now.secondsLeft() / SECONDS_OF_MINUTE;
        String left =
                now.bytesPerSecond() > 0
                        ? messages.get("settings.gpu.left", Math.ceil(minutes))
                        : "";
        return messages.get(
                        "settings.gpu.bringing",
                        now.now().came() / GB,
                        now.now().total() / GB,
                        now.bytesPerSecond() / MB)
                + left;
    }
}
