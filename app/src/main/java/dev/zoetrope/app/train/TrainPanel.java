package dev.zoetrope.app.train;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.form.Form;
import dev.zoetrope.app.fx.OneOf;
import dev.zoetrope.app.fx.Reveal;
import dev.zoetrope.app.text.Messages;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** What to train on what, the button that does it, and how far it is. */
final class TrainPanel extends BorderPane {
    /**
     * Asks for what is not in a list.
     *
     * @param clips for a folder to learn from
     * @param model for a model folder to begin with
     * @param configuration for a model's description to begin with
     */
    record Choosers(Runnable clips, Runnable model, Runnable configuration) {}

    private final TrainViewModel model;
    private final ChoicesViewModel choices;
    private final Messages messages;
    private final Form form;
    private final BooleanBinding busy;
    private final BooleanBinding fixed;

    TrainPanel(TrainViewModel model, Messages messages, Choosers choosers) {
        this.model = model;
        this.choices = model.choices();
        this.messages = messages;
        this.form = new Form(messages);
        busy = Bindings.createBooleanBinding(model::busy, model.stateProperty());
        fixed =
                Bindings.createBooleanBinding(
                        () -> model.busy() || choices.resumableProperty().get().isPresent(),
                        model.stateProperty(),
                        choices.resumableProperty());
        getStyleClass().add("train-panel");
        var settings = new VBox(whatToTrain(), clips(choosers), denoiser(choosers), run());
        settings.getStyleClass().add("side-panel-content");
        var scroll = new ScrollPane(settings);
        scroll.getStyleClass().add("side-panel");
        Reveal.focused(scroll);
        scroll.setFitToWidth(true);
        scroll.setFocusTraversable(false);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        setCenter(scroll);
        var bottom = new VBox(progress(), action());
        bottom.getStyleClass().add("action");
        setBottom(bottom);
    }

    private Node whatToTrain() {
        var subject =
                new OneOf<>(
                        choices.subjectProperty().when(messages.spoken()),
                        choices.subjectProperty()::set);
        var choice =
                subject.row(
                        subject.button(
                                Subject.CODEC, new ToggleButton(messages.get("train.codec"))),
                        subject.button(
                                Subject.DENOISER,
                                new ToggleButton(messages.get("train.denoiser"))));
        choice.setMaxWidth(Double.MAX_VALUE);
        choice.getButtons()
                .forEach(half -> half.prefWidthProperty().bind(choice.widthProperty().divide(2)));
        choice.disableProperty().bind(fixed);
        var explanation = new Label();
        explanation.getStyleClass().add("facts");
        explanation.setWrapText(true);
        explanation
                .textProperty()
                .bind(
                        choices.subjectProperty()
                                .when(messages.spoken())
                                .map(chosen ->
                                        messages.get(
                                                chosen == Subject.CODEC
                                                        ? "train.codec.about"
                                                        : "train.denoiser.about")));
        return form.section("train.subject", choice, explanation);
    }

    private Node clips(TrainPanel.Choosers choosers) {
        var dataset = new ComboBox<>(choices.datasets());
        dataset.setPromptText(messages.get("setup.codec.loading"));
        dataset.setConverter(Form.shown(Form::name));
        dataset.valueProperty().bindBidirectional(choices.datasetProperty());
        dataset.disableProperty().bind(fixed);
        var folder = button("train.folder", choosers.clips());
        folder.disableProperty().bind(fixed);
        return form.section("train.clips", form.field("train.dataset", dataset), folder);
    }

    private Node denoiser(Choosers choosers) {
        var codec = choice(choices.codecs(), Form::name);
        codec.valueProperty().bindBidirectional(choices.codecProperty());
        var text =
                choice(
                        choices.textEncoders(),
                        (Optional<String> name) ->
                                name.orElseGet(() -> messages.get("train.text.none")));
        text.valueProperty().bindBidirectional(choices.textEncoderProperty());
        var beginning = choice(choices.beginnings(), this::name);
        beginning.valueProperty().bindBidirectional(choices.beginningProperty());
        var firstFrame = choice(choices.firstFrames(), this::share);
        firstFrame.valueProperty().bindBidirectional(choices.firstFrameProperty());
        var firstFrameField = form.field("train.first", firstFrame);
        var about = new Label(messages.get("train.first.about"));
        about.getStyleClass().add("facts");
        about.setWrapText(true);
        firstFrameField.getChildren().add(about);
        var folder = button("train.model", choosers.model());
        var configuration = button("train.configuration", choosers.configuration());
        HBox.setHgrow(folder, Priority.ALWAYS);
        HBox.setHgrow(configuration, Priority.ALWAYS);
        var buttons = new HBox(folder, configuration);
        buttons.getStyleClass().add("range");
        var section =
                form.section(
                        "train.parts",
                        form.field("train.codec.of", codec),
                        form.field("train.text", text),
                        form.field("train.beginning", beginning),
                        buttons,
                        firstFrameField);
        section.disableProperty().bind(fixed);
        section.visibleProperty().bind(choices.subjectProperty().isEqualTo(Subject.DENOISER));
        section.managedProperty().bind(section.visibleProperty());
        return section;
    }

    private String share(double ofClips) {
        return ofClips == 0
                ? messages.get("train.first.none")
                : messages.get("train.first.share", ofClips);
    }

    private String name(Beginning beginning) {
        return switch (beginning) {
            case Beginning.Small _ -> messages.get("train.beginning.small");
            case Beginning.Model(String nameOrFolder) -> Form.name(nameOrFolder);
            case Beginning.Configuration(Path file) -> Form.name(file.toString());
        };
    }

    private Node run() {
        var name = new ComboBox<>(choices.runNames());
        name.setEditable(true);
        name.getEditor().textProperty().bindBidirectional(choices.runNameProperty());
        name.disableProperty().bind(busy);
        var steps = new TextField();
        steps.textProperty().bindBidirectional(choices.stepsProperty());
        steps.disableProperty().bind(fixed);
        var clip = new TextField();
        clip.textProperty().bindBidirectional(choices.clipProperty());
        clip.disableProperty().bind(fixed);
        var stepsField = form.field("train.steps", steps);
        var clipField = form.field("train.clip", clip);
        HBox.setHgrow(stepsField, Priority.ALWAYS);
        HBox.setHgrow(clipField, Priority.ALWAYS);
        var sizes = new HBox(stepsField, clipField);
        sizes.getStyleClass().add("range");
        return form.section("train.run", form.field("train.name", name), sizes);
    }

    private Node action() {
        var resumes = choices.resumableProperty().when(messages.spoken()).map(Optional::isPresent);
        var start = new Button();
        start.getStyleClass().addAll(Styles.ACCENT, "main-action");
        start.setMnemonicParsing(true);
        start.setMaxWidth(Double.MAX_VALUE);
        start.setOnAction(_ -> model.start());
        start.disableProperty().bind(choices.datasetProperty().isNull());
        start.textProperty()
                .bind(resumes.map(yes -> messages.get(yes ? "train.resume" : "train.start")));
        start.visibleProperty().bind(busy.not());
        start.managedProperty().bind(start.visibleProperty());
        var note = new Label(messages.get("train.resume.about"));
        note.getStyleClass().add("facts");
        note.setWrapText(true);
        note.visibleProperty()
                .bind(
                        Bindings.createBooleanBinding(
                                () -> !model.busy() && resumes.getValue(), resumes, busy));
        note.managedProperty().bind(note.visibleProperty());
        var stop = new Button();
        stop.getStyleClass().add("main-action");
        stop.setMnemonicParsing(true);
        stop.setMaxWidth(Double.MAX_VALUE);
        stop.setOnAction(_ -> model.stop());
        stop.disableProperty().bind(model.stateProperty().isEqualTo(TrainState.STOPPING));
        stop.textProperty()
                .bind(
                        model.stateProperty()
                                .when(messages.spoken())
                                .map(state ->
                                        messages.get(
                                                state == TrainState.STOPPING
                                                        ? "train.stopping"
                                                        : "train.stop")));
        stop.visibleProperty().bind(busy);
        stop.managedProperty().bind(stop.visibleProperty());
        var box = new VBox(note, start, stop);
        box.getStyleClass().add("field");
        return box;
    }

    private Node progress() {
        var bar = new ProgressBar();
        bar.setMaxWidth(Double.MAX_VALUE);
        bar.setAccessibleText(messages.get("setup.progress"));
        var done = new Label();
        var left = new Label();
        var gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        var counts = new HBox(done, gap, left);
        counts.setAlignment(Pos.BASELINE_LEFT);
        Consumer<Object> show =
                _ -> {
                    Pace pace = model.paceProperty().get();
                    boolean begun = pace.step() > 0;
                    bar.setProgress(
                            begun
                                    ? pace.fraction()
                                    : model.extractedProperty()
                                            .get()
                                            .map(e -> (double) e.done() / Math.max(1, e.total()))
                                            .orElse(ProgressBar.INDETERMINATE_PROGRESS));
                    done.setText(
                            begun
                                    ? messages.get("train.done", pace.step(), pace.steps())
                                    : gathering());
                    left.setText(begun ? timeLeft(pace.remaining()) : "");
                };
        model.paceProperty().when(messages.spoken()).subscribe(show);
        model.extractedProperty().when(messages.spoken()).subscribe(show);
        model.stateProperty().when(messages.spoken()).subscribe(show);
        var box = new VBox(bar, counts);
        box.getStyleClass().add("progress");
        box.visibleProperty().bind(busy);
        box.managedProperty().bind(box.visibleProperty());
        return box;
    }

    private String gathering() {
        return model.extractedProperty()
                .get()
                .map(extracted ->
                        messages.get(
                                switch (extracted.what()) {
                                    case LATENTS -> "train.latents";
                                    case CAPTIONS -> "train.captions";
                                },
                                extracted.done(),
                                extracted.total()))
                .orElseGet(() -> messages.get("setup.preparing"));
    }

    private String timeLeft(Duration left) {
        long seconds = Math.max(1, left.toSeconds());
        return seconds < 60
                ? messages.get("setup.left.seconds", seconds)
                : messages.get("setup.left.minutes", seconds / 60, seconds % 60);
    }

    private Button button(String key, Runnable action) {
        var button =
                new Button(messages.get(key), new FontIcon(MaterialDesignF.FOLDER_OPEN_OUTLINE));
        button.setMnemonicParsing(true);
        button.setMaxWidth(Double.MAX_VALUE);
        button.setOnAction(_ -> action.run());
        return button;
    }

    private <T> ComboBox<T> choice(ObservableList<T> offered, Function<T, String> name) {
        var choice = new ComboBox<>(offered);
        choice.setConverter(Form.shown(name));
        return choice;
    }
}
