package dev.zoetrope.app.generate;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.files.FileDialogs;
import dev.zoetrope.app.form.Form;
import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.fx.Deferred;
import dev.zoetrope.app.fx.Hints;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.estimate.Range;
import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.PromptReading;
import dev.zoetrope.runtime.generation.Prompting;

import javafx.beans.binding.Bindings;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitMenuButton;
import javafx.scene.control.TextField;
import javafx.scene.control.TitledPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignD;
import org.kordamp.ikonli.materialdesign2.MaterialDesignI;
import org.kordamp.ikonli.materialdesign2.MaterialDesignL;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** What to make, how large and how, and below it the button that does it. */
final class GeneratePanel extends BorderPane {
    private static final int PROMPT_ROWS = 5;
    private static final int NEGATIVE_ROWS = 2;

    private final GenerateViewModel model;
    private final Messages messages;
    private final Form form;
    private final Thumbnails thumbnails;
    private final FileDialogs dialogs;
    private final PromptEditor prompt;

    GeneratePanel(
            GenerateViewModel model,
            Messages messages,
            Thumbnails thumbnails,
            FileDialogs dialogs) {
        this.model = model;
        this.messages = messages;
        this.thumbnails = thumbnails;
        this.dialogs = dialogs;
        this.prompt =
                new PromptEditor(
                        messages,
                        "generate.prompt",
                        PROMPT_ROWS,
                        model.promptProperty(),
                        reading(GenerationPlan::typedPrompt));
        this.form = new Form(messages);
        getStyleClass().add("generate-panel");
        var settings = new VBox(words(), shape(), sampling());
        settings.getStyleClass().add("side-panel-content");
        var scroll = new ScrollPane(settings);
        scroll.getStyleClass().add("side-panel");
        scroll.setFitToWidth(true);
        scroll.setFocusTraversable(false);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        setCenter(scroll);
        setBottom(action());
    }

    /** Puts the cursor behind the prompt. */
    void writeOn() {
        prompt.area().requestFocus();
        prompt.area().end();
    }

    private Node words() {
        prompt.addAbove(new SnippetsMenu(model.snippets(), messages, prompt.area()));
        prompt.disableProperty().bind(told(Prompting.Nothing.class));
        prompt.area()
                .promptTextProperty()
                .bind(
                        told(Prompting.ByClass.class)
                                .map(byClass ->
                                        messages.get(
                                                byClass
                                                        ? "generate.prompt.class"
                                                        : "generate.prompt.hint")));
        var negative =
                new Deferred(
                        told(Prompting.ByText.class),
                        () ->
                                new PromptEditor(
                                        messages,
                                        "generate.negative",
                                        NEGATIVE_ROWS,
                                        model.negativeProperty(),
                                        reading(GenerationPlan::typedNegative)));
        var firstFrame =
                new Deferred(
                        offered(stops -> stops.model().firstFrame()),
                        () -> new FirstFrameBox(model, messages, thumbnails, dialogs));

        var models = new ComboBox<>(model.models());
        models.setConverter(Form.shown(Form::name));
        models.setPromptText(messages.get("generate.model.loading"));
        models.disableProperty().bind(Bindings.isEmpty(model.models()));
        models.valueProperty()
                .subscribe(chosen -> {
                    if (chosen != null) {
                        model.modelProperty().set(Optional.of(chosen));
                    }
                });
        model.modelProperty()
                .when(messages.spoken())
                .subscribe(chosen -> chosen.ifPresent(models::setValue));
        var box = new VBox(prompt, negative, firstFrame, form.field("generate.model", models));
        box.getStyleClass().add("section");
        return box;
    }

    /** How the model reads a text of the page; empty while that is not known. */
    private ObservableValue<Optional<PromptReading>> reading(
            Function<GenerationPlan, Optional<PromptReading>> text) {
        return model.appraisalProperty()
                .when(messages.spoken())
                .map(known -> known.map(Appraisal::plan).flatMap(text));
    }

    /** Whether the model is told of its clip in one way; false until that is known. */
    private ObservableValue<Boolean> told(Class<? extends Prompting> way) {
        return offered(stops -> way.isInstance(stops.model().prompting()));
    }

    /** Whether what can be set is such; false until that is known. */
    private ObservableValue<Boolean> offered(Predicate<Stops> such) {
        return model.stopsProperty()
                .when(messages.spoken())
                .map(stops -> stops.filter(such).isPresent());
    }

    private Node shape() {
        var aspect = new StopSlider(messages, "generate.aspect", model.aspectProperty());
        var side = new StopSlider(messages, "generate.side", model.sideProperty());
        var length = new StopSlider(messages, "generate.length", model.lengthProperty());
        model.stopsProperty()
                .when(messages.spoken())
                .subscribe(offered ->
                        offered.ifPresent(stops -> {
                            aspect.offer(
                                    stops.aspects(),
                                    stops.trainedAspect(),
                                    model.aspectProperty().get(),
                                    AspectRatio::toString);
                            side.offer(
                                    stops.sides(),
                                    stops.trainedSide(),
                                    model.sideProperty().get(),
                                    pixels -> messages.get("generate.side.value", pixels));
                            length.offer(
                                    stops.lengths(),
                                    stops.trainedLength(),
                                    model.lengthProperty().get(),
                                    frames ->
                                            messages.get(
                                                    "generate.length.value",
                                                    frames / stops.model().fps()));
                        }));
        var drawing = new ShapeDrawing();
        var facts = new Label();
        facts.getStyleClass().add("form-facts");
        var beyond =
                new Label(
                        messages.get("generate.beyond"),
                        new FontIcon(MaterialDesignI.INFORMATION_OUTLINE));
        beyond.getStyleClass().add("beyond");
        Hints.on(beyond, messages.get("generate.beyond.about"));
        model.formProperty()
                .when(messages.spoken())
                .subscribe(shown -> {
                    drawing.show(shown, model.stopsProperty().get());
                    facts.setText(shown.map(this::facts).orElse(""));
                    beyond.setVisible(
                            shown.isPresent()
                                    && model.stopsProperty()
                                            .get()
                                            .filter(stops -> stops.beyondTraining(shown.get()))
                                            .isPresent());
                });
        var words = new VBox(facts, beyond);
        words.getStyleClass().add("words");
        words.setAlignment(Pos.CENTER_LEFT);
        var summary = new HBox(drawing, words);
        summary.getStyleClass().add("form-summary");
        summary.setAlignment(Pos.CENTER_LEFT);
        var section = form.section("generate.shape", aspect, side, length, summary);
        section.disableProperty()
                .bind(model.stopsProperty().when(messages.spoken()).map(Optional::isEmpty));
        return section;
    }

    private String facts(ClipForm shown) {
        return messages.get(
                "generate.form",
                shown.size().width(),
                shown.size().height(),
                shown.frames(),
                shown.seconds(),
                shown.fps());
    }

    private Node sampling() {
        var fold = new TitledPane();
        fold.setText(messages.get("generate.sampling"));
        fold.getStyleClass().add("fold");
        fold.setAnimated(false);
        fold.setExpanded(false);
        // The fold shows and hides what it is given itself.
        fold.setContent(new StackPane(new Deferred(fold.expandedProperty(), this::samplingFields)));
        return fold;
    }

    private Node samplingFields() {
        var steps = number(model.stepsProperty(), abilities -> whole(abilities.steps()));
        var guidance = number(model.guidanceProperty(), m -> plain(m.guidance()));
        var stepsField = form.field("generate.steps", steps);
        var guidanceField = form.field("generate.guidance", guidance);
        guidanceField.disableProperty().bind(told(Prompting.Nothing.class));
        HBox.setHgrow(stepsField, Priority.ALWAYS);
        HBox.setHgrow(guidanceField, Priority.ALWAYS);
        var numbers = new HBox(stepsField, guidanceField);
        numbers.getStyleClass().add("range");

        var sampler = new ComboBox<String>();
        model.stopsProperty()
                .when(messages.spoken())
                .subscribe(offered ->
                        offered.ifPresent(stops -> {
                            sampler.getItems().setAll(stops.model().samplers());
                            model.samplerProperty().get().ifPresent(sampler::setValue);
                        }));
        sampler.valueProperty()
                .subscribe(chosen -> {
                    if (chosen != null) {
                        model.samplerProperty().set(Optional.of(chosen));
                    }
                });

        var seed = new TextField();
        seed.setPromptText(messages.get("generate.seed.prompt"));
        seed.textProperty().bindBidirectional(model.seedProperty());
        // Who types a seed wants that one.
        seed.addEventHandler(KeyEvent.KEY_TYPED, _ -> model.seedLockedProperty().set(true));
        var field = form.field("generate.seed", seed);
        HBox.setHgrow(field, Priority.ALWAYS);
        var dice =
                Buttons.icon(
                        new Button(),
                        MaterialDesignD.DICE_5_OUTLINE,
                        messages.get("generate.seed.draw"));
        dice.setOnAction(_ -> model.drawSeed());
        var lock =
                Buttons.icon(
                        new ToggleButton(),
                        MaterialDesignL.LOCK_OPEN_VARIANT_OUTLINE,
                        messages.get("generate.seed.lock"));
        lock.selectedProperty().bindBidirectional(model.seedLockedProperty());
        lock.selectedProperty()
                .subscribe(locked ->
                        lock.setGraphic(
                                new FontIcon(
                                        locked
                                                ? MaterialDesignL.LOCK_OUTLINE
                                                : MaterialDesignL.LOCK_OPEN_VARIANT_OUTLINE)));
        var seeds = new HBox(field, dice, lock);
        seeds.getStyleClass().add("seeds");
        seeds.setAlignment(Pos.BOTTOM_LEFT);

        var content = new VBox(numbers, form.field("generate.sampler", sampler), seeds);
        content.getStyleClass().add("section");
        return content;
    }

    /** A number that, while nothing is typed, is as the model was published. */
    private TextField number(StringProperty typed, Function<ModelAbilities, String> published) {
        var field = new TextField();
        field.textProperty().bindBidirectional(typed);
        field.promptTextProperty()
                .bind(
                        model.stopsProperty()
                                .when(messages.spoken())
                                .map(stops -> stops.map(Stops::model).map(published).orElse("")));
        return field;
    }

    private String whole(int number) {
        return messages.get("generate.steps.value", number);
    }

    private String plain(double number) {
        return messages.get("generate.guidance.value", number);
    }

    private Node action() {
        var generate = main("generate.go");
        generate.getStyleClass().add(Styles.ACCENT);
        Hints.on(generate, messages.get("generate.go.key"));
        generate.setOnAction(_ -> model.generate());
        generate.disableProperty()
                .bind(model.stopsProperty().when(messages.spoken()).map(Optional::isEmpty));
        var before = new HBox(generate, drafts());

        var stop = main("generate.stop");
        stop.setOnAction(_ -> model.render().stop());
        var keep = main("generate.keep");
        Hints.on(keep, messages.get("generate.keep.about"));
        keep.setOnAction(_ -> model.render().finishEarly());
        keep.disableProperty()
                .bind(
                        model.render()
                                .stateProperty()
                                .when(messages.spoken())
                                .map(state -> !(state instanceof GenerateState.Sampling)));
        var during = new HBox(stop, keep);

        var save = main("generate.edit.save");
        save.getStyleClass().add(Styles.ACCENT);
        Hints.on(save, messages.get("generate.edit.save.key"));
        save.setOnAction(_ -> model.saveChanges());
        save.disableProperty().bind(generate.disableProperty());
        var leave = main("generate.edit.leave");
        leave.setOnAction(_ -> model.leaveChanges());
        var editing = new HBox(save, leave);

        ObservableValue<Boolean> edits =
                model.editingProperty().when(messages.spoken()).map(Optional::isPresent);
        ObservableValue<Boolean> busy =
                model.render().stateProperty().when(messages.spoken()).map(GenerateState::busy);
        editing.visibleProperty().bind(edits);
        during.visibleProperty()
                .bind(
                        Bindings.createBooleanBinding(
                                () -> busy.getValue() && !edits.getValue(), busy, edits));
        before.visibleProperty()
                .bind(
                        Bindings.createBooleanBinding(
                                () -> !busy.getValue() && !edits.getValue(), busy, edits));
        for (HBox row : new HBox[] {before, during, editing}) {
            row.getStyleClass().add("row");
            row.setAlignment(Pos.CENTER_LEFT);
        }
        var action =
                new VBox(
                        estimate(edits),
                        new CalibrationLine(model, messages),
                        new StackPane(before, during, editing));
        action.getStyleClass().add("action");
        return action;
    }

    private Button main(String key) {
        var button = new Button(messages.get(key));
        button.getStyleClass().add("main-action");
        button.setMnemonicParsing(true);
        button.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(button, Priority.ALWAYS);
        return button;
    }

    private Node drafts() {
        DraftsViewModel drafts = model.drafts();
        var button = new SplitMenuButton();
        button.getStyleClass().add("main-action");
        button.setMinWidth(USE_PREF_SIZE);
        Hints.on(button, messages.get("generate.drafts.about"));
        button.setOnAction(_ -> model.draft());
        var counts = new ToggleGroup();
        for (int count = DraftsViewModel.FEWEST; count <= DraftsViewModel.MOST; count++) {
            int many = count;
            var item = new RadioMenuItem(messages.get("generate.drafts.go", count));
            item.setToggleGroup(counts);
            item.setSelected(count == drafts.countProperty().get());
            item.setOnAction(_ -> drafts.countProperty().set(many));
            button.getItems().add(item);
        }
        drafts.countProperty()
                .when(messages.spoken())
                .subscribe(count -> button.setText(messages.get("generate.drafts.go", count)));
        button.disableProperty()
                .bind(model.stopsProperty().when(messages.spoken()).map(Optional::isEmpty));
        button.visibleProperty().bind(drafts.possibleProperty());
        button.managedProperty().bind(button.visibleProperty());
        return button;
    }

    /** What the clip would take; of one that is edited, which it is. */
    private Node estimate(ObservableValue<Boolean> edits) {
        var time = new Label();
        time.getStyleClass().add("time");
        time.setMinWidth(0);
        var memory = new Label();
        memory.getStyleClass().add("facts");
        memory.setMinWidth(USE_PREF_SIZE);
        var space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        var box = new HBox(time, space, memory);
        box.getStyleClass().add("estimate");
        box.setAlignment(Pos.CENTER_LEFT);
        var estimate =
                model.appraisalProperty()
                        .when(messages.spoken())
                        .map(appraisal -> appraisal.map(Appraisal::estimate));
        Runnable show =
                () -> {
                    Optional<Estimate> known = estimate.getValue();
                    boolean edited = edits.getValue();
                    time.setText(
                            edited
                                    ? messages.get("generate.edit.title")
                                    : known.map(e -> time(e.seconds())).orElse(""));
                    memory.setText(
                            known.map(e -> edited ? time(e.seconds()) : memory(e)).orElse(""));
                };
        estimate.subscribe(_ -> show.run());
        edits.subscribe(_ -> show.run());
        return box;
    }

    private String time(Range seconds) {
        boolean minutes = seconds.high() >= 90;
        double unit = minutes ? 60 : 1;
        long low = Math.max(1, Math.round(seconds.low() / unit));
        long high = Math.max(low, Math.round(seconds.high() / unit));
        return messages.get(
                minutes ? "generate.estimate.minutes" : "generate.estimate.seconds",
                low == high ? 0 : 1,
                low,
                high);
    }

    private String memory(Estimate estimate) {
        return messages.get(
                estimate.deviceMemory().isPresent()
                        ? "generate.estimate.memory.gpu"
                        : "generate.estimate.memory",
                estimate.deviceMemory().orElse(estimate.memory()).high() / (1 << 30));
    }
}
