package dev.zoetrope.app.reconstruct;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.form.Form;
import dev.zoetrope.app.fx.Hints;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent.Began;

import javafx.beans.binding.Bindings;
import javafx.collections.FXCollections;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TextField;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What to reconstruct and how, the button that does it, and how far it is. */
final class SetupPanel extends VBox {
    /** Shorter sides on offer, pixels; empty keeps the source's size. */
    private static final OptionalInt[] RESOLUTIONS = {
        OptionalInt.empty(),
        OptionalInt.of(128),
        OptionalInt.of(196),
        OptionalInt.of(256),
        OptionalInt.of(336),
        OptionalInt.of(512)
    };

    private final ReconstructViewModel model;
    private final Messages messages;
    private final Form form;

    SetupPanel(ReconstructViewModel model, Messages messages, Runnable open) {
        this.model = model;
        this.messages = messages;
        this.form = new Form(messages);
        getStyleClass().add("setup-panel");
        getChildren().addAll(source(open), options(), action(), progress());
    }

    private Node source(Runnable open) {
        var name = new Label();
        name.getStyleClass().add("file-name");
        name.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
        name.setMinWidth(0);
        var facts = new Label();
        facts.getStyleClass().add("facts");
        facts.setWrapText(true);
        model.sourceProperty()
                .when(messages.spoken())
                .subscribe(file -> {
                    name.setText(file.map(SetupPanel::fileName).orElse(""));
                    Hints.on(name, file.map(Path::toString).orElse(""));
                    facts.setText("");
                });
        model.beganProperty()
                .when(messages.spoken())
                .subscribe(began ->
                        facts.setText(began.map(Began::source).map(this::facts).orElse("")));
        var words = new VBox(name, facts);
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        facts.managedProperty().bind(facts.textProperty().isNotEmpty());
        var button =
                new Button(
                        messages.get("setup.open"),
                        new FontIcon(MaterialDesignF.FOLDER_OPEN_OUTLINE));
        button.setMnemonicParsing(true);
        button.setMaxWidth(Double.MAX_VALUE);
        button.setOnAction(_ -> open.run());
        var section = form.section("setup.source", words, button);
        section.visibleProperty()
                .bind(model.sourceProperty().when(messages.spoken()).map(Optional::isPresent));
        section.managedProperty().bind(section.visibleProperty());
        return section;
    }

    private String facts(ClipInfo clip) {
        return messages.get(
                "setup.facts",
                clip.width(),
                clip.height(),
                clip.fps(),
                clip.frames(),
                clip.durationMicros() / 1e6);
    }

    private Node options() {
        var codec = new ComboBox<>(model.codecs());
        codec.setConverter(Form.shown(Form::name));
        codec.setPromptText(messages.get("setup.codec.loading"));
        codec.disableProperty().bind(Bindings.isEmpty(model.codecs()));
        codec.valueProperty()
                .subscribe(chosen -> {
                    if (chosen != null) {
                        model.codecProperty().set(Optional.of(chosen));
                    }
                });
        model.codecProperty()
                .when(messages.spoken())
                .subscribe(chosen -> chosen.ifPresent(codec::setValue));

        var size = new ComboBox<>(FXCollections.observableArrayList(RESOLUTIONS));
        size.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(OptionalInt side) {
                        return side == null || side.isEmpty()
                                ? messages.get("setup.size.keep")
                                : messages.get("setup.size.side", side.getAsInt());
                    }

                    @Override
                    public OptionalInt fromString(String text) {
                        throw new UnsupportedOperationException("the sizes are chosen, not typed");
                    }
                });
        size.valueProperty().bindBidirectional(model.resolutionProperty());

        var start = new TextField();
        start.setPromptText(messages.get("setup.start.prompt"));
        start.textProperty().bindBidirectional(model.startProperty());
        var frames = new TextField();
        frames.setPromptText(messages.get("setup.frames.prompt"));
        frames.textProperty().bindBidirectional(model.framesProperty());
        var startField = form.field("setup.start", start);
        var framesField = form.field("setup.frames", frames);
        HBox.setHgrow(startField, Priority.ALWAYS);
        HBox.setHgrow(framesField, Priority.ALWAYS);
        var range = new HBox(startField, framesField);
        range.getStyleClass().add("range");
        var advanced = new TitledPane(messages.get("setup.advanced"), range);
        advanced.getStyleClass().add("fold");
        advanced.setAnimated(false);
        advanced.setExpanded(false);

        return form.section(
                "setup.options",
                form.field("setup.codec", codec),
                form.field("setup.size", size),
                advanced);
    }

    private Node action() {
        var start = new Button();
        start.getStyleClass().addAll(Styles.ACCENT, "main-action");
        start.setMnemonicParsing(true);
        start.setMaxWidth(Double.MAX_VALUE);
        start.setOnAction(_ -> model.start());
        start.disableProperty()
                .bind(model.sourceProperty().when(messages.spoken()).map(Optional::isEmpty));
        start.textProperty()
                .bind(
                        model.stateProperty()
                                .when(messages.spoken())
                                .map(state ->
                                        messages.get(
                                                state instanceof RunState.Empty
                                                        ? "setup.go"
                                                        : "setup.again")));
        var cancel = new Button(messages.get("setup.cancel"));
        cancel.getStyleClass().add("main-action");
        cancel.setMnemonicParsing(true);
        cancel.setMaxWidth(Double.MAX_VALUE);
        cancel.setOnAction(_ -> model.cancel());
        cancel.visibleProperty()
                .bind(model.stateProperty().when(messages.spoken()).map(_ -> model.busy()));
        cancel.managedProperty().bind(cancel.visibleProperty());
        start.visibleProperty().bind(cancel.visibleProperty().not());
        start.managedProperty().bind(start.visibleProperty());
        return new VBox(start, cancel);
    }

    private Node progress() {
        var bar = new ProgressBar();
        bar.setMaxWidth(Double.MAX_VALUE);
        bar.setAccessibleText(messages.get("setup.progress"));
        var done = new Label();
        var left = new Label();
        var rate = new Label();
        rate.getStyleClass().add("facts");
        var gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        var counts = new HBox(done, gap, left);
        counts.setAlignment(Pos.BASELINE_LEFT);
        model.progressProperty()
                .when(messages.spoken())
                .subscribe(progress -> {
                    bar.setProgress(
                            progress.done() == 0
                                    ? ProgressBar.INDETERMINATE_PROGRESS
                                    : progress.fraction());
                    done.setText(
                            progress.done() == 0
                                    ? messages.get("setup.preparing")
                                    : messages.get(
                                            "setup.done", progress.done(), progress.total()));
                    left.setText(progress.done() == 0 ? "" : timeLeft(progress.remaining()));
                    rate.setText(
                            progress.done() == 0
                                    ? ""
                                    : messages.get("setup.rate", progress.framesPerSecond()));
                });
        var box = new VBox(bar, counts, rate);
        box.getStyleClass().add("progress");
        box.visibleProperty()
                .bind(model.stateProperty().when(messages.spoken()).map(_ -> model.busy()));
        box.managedProperty().bind(box.visibleProperty());
        return box;
    }

    private String timeLeft(Duration left) {
        long seconds = Math.max(1, left.toSeconds());
        return seconds < 60
                ? messages.get("setup.left.seconds", seconds)
                : messages.get("setup.left.minutes", seconds / 60, seconds % 60);
    }

    private static String fileName(Path file) {
        return String.valueOf(file.getFileName());
    }
}
