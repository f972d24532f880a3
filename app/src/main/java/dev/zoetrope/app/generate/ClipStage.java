package dev.zoetrope.app.generate;

import dev.zoetrope.app.files.ExportLine;
import dev.zoetrope.app.fx.Deferred;
import dev.zoetrope.app.fx.Hints;
import dev.zoetrope.app.player.FilmControls;
import dev.zoetrope.app.player.FilmView;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationSummary;
import dev.zoetrope.runtime.media.FrameSize;

import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.collections.WeakListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Slider;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignE;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The clip, from the first guess at it to the finished file, and below it how far it is and a
 * slider over how it emerged. Whatever happens, nothing changes its place.
 */
final class ClipStage extends VBox {
    private final GenerateViewModel model;
    private final Messages messages;
    private final FilmView view;
    private final DraftBoard board;
    private final FilmControls controls;
    private final Label hint = new Label();
    private final ProgressBar bar = new ProgressBar(0);
    private final Slider emergence = new Slider(0, 1, 0);
    private final Label shown = new Label();
    private final Label status = new Label();
    private final Label remarks = new Label();

    // Held here, since the model of the page does not hold it.
    private final ListChangeListener<Look> onLooks =
            _ -> {
                changeLooks();
                showState();
            };

    ClipStage(
            GenerateViewModel model, Messages messages, Runnable exportAs, Runnable showInFolder) {
        this.model = model;
        this.messages = messages;
        this.view = new FilmView(model.render().transport(), messages.get("generate.clip"));
        this.controls = new FilmControls(view, messages);
        this.board = new DraftBoard(model, messages);
        getStyleClass().add("clip-stage");
        hint.getStyleClass().add("hint");
        hint.setWrapText(true);
        hint.setMouseTransparent(true);
        var drafts = model.drafts().shownProperty();
        var clip = new StackPane(view, hint);
        clip.visibleProperty().bind(drafts.not());
        board.visibleProperty().bind(drafts);
        var stage = new StackPane(clip, board);
        stage.getStyleClass().add("stage");
        stage.setMinHeight(0);
        VBox.setVgrow(stage, Priority.ALWAYS);
        bar.getStyleClass().add("thin");
        bar.setMaxWidth(Double.MAX_VALUE);
        bar.setAccessibleText(messages.get("generate.progress"));
        var strip = new VBox(emergence(), result(exportAs, showInFolder), remarks());
        strip.getStyleClass().add("strip");
        strip.visibleProperty().bind(drafts.not());
        controls.visibleProperty().bind(drafts.not());
        controls.managedProperty().bind(drafts.not());
        getChildren()
                .addAll(
                        stage,
                        bar,
                        controls,
                        new StackPane(strip, new Deferred(drafts, board::strip)));

        view.sizeProperty()
                .bind(
                        Bindings.createObjectBinding(
                                this::size, model.render().madeProperty(), model.formProperty()));
        view.fileProperty().bind(model.render().outputProperty());
        model.render().looks().addListener(new WeakListChangeListener<>(onLooks));
        model.render().shownLookProperty().when(messages.spoken()).subscribe(_ -> showLook());
        model.render().stateProperty().when(messages.spoken()).subscribe(_ -> showState());
    }

    /** Where the clip is shown. */
    FilmView view() {
        return view;
    }

    /** What plays it. */
    FilmControls controls() {
        return controls;
    }

    /** The drafts in its place. */
    DraftBoard board() {
        return board;
    }

    private FrameSize size() {
        return model.render()
                .madeProperty()
                .get()
                .map(plan -> new FrameSize(plan.height(), plan.width()))
                .or(() -> model.formProperty().get().map(ClipForm::size))
                .orElse(new FrameSize(1, 1));
    }

    private Node emergence() {
        emergence.setAccessibleText(messages.get("generate.emergence"));
        emergence.setBlockIncrement(1);
        emergence.setMajorTickUnit(1);
        emergence.setMinorTickCount(0);
        emergence.setSnapToTicks(true);
        emergence.disableProperty().bind(Bindings.size(model.render().looks()).lessThan(2));
        emergence
                .valueProperty()
                .subscribe(position -> {
                    if (!model.render().looks().isEmpty()) {
                        model.render()
                                .shownLookProperty()
                                .set((int) Math.round(position.doubleValue()));
                    }
                });
        HBox.setHgrow(emergence, Priority.ALWAYS);
        shown.getStyleClass().add("shown-look");
        var name = new Label(messages.get("generate.emergence"));
        name.getStyleClass().add("name");
        name.setMinWidth(USE_PREF_SIZE);
        var row = new HBox(name, emergence, shown);
        row.getStyleClass().add("emergence");
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }

    private Node result(Runnable exportAs, Runnable showInFolder) {
        status.getStyleClass().add("state");
        status.setMinWidth(0);
        var export = new ExportLine(model.render().exporting(), messages);
        status.visibleProperty().bind(export.visibleProperty().not());
        status.managedProperty().bind(status.visibleProperty());
        var gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        var drafts = new Button();
        drafts.getStyleClass().add("quiet");
        drafts.setMinWidth(USE_PREF_SIZE);
        drafts.setOnAction(_ -> model.drafts().shownProperty().set(true));
        drafts.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () ->
                                        messages.get(
                                                "generate.drafts.show",
                                                model.drafts().drafts().size()),
                                model.drafts().drafts()));
        drafts.visibleProperty().bind(Bindings.isNotEmpty(model.drafts().drafts()));
        drafts.managedProperty().bind(drafts.visibleProperty());
        var vary = button("generate.vary", MaterialDesignC.CREATION, model::vary);
        Hints.on(vary, messages.get("generate.vary.about"));
        vary.managedProperty().bind(model.drafts().possibleProperty());
        vary.visibleProperty().bind(model.drafts().possibleProperty());
        var row =
                new HBox(
                        status,
                        export,
                        gap,
                        drafts,
                        vary,
                        button("generate.export", MaterialDesignE.EXPORT_VARIANT, exportAs),
                        button("generate.show", MaterialDesignF.FOLDER_OUTLINE, showInFolder));
        row.getStyleClass().add("result");
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }

    private Button button(String key, Ikon icon, Runnable action) {
        var button = new Button(messages.get(key), new FontIcon(icon));
        button.getStyleClass().add("quiet");
        button.setMnemonicParsing(true);
        button.setMinWidth(USE_PREF_SIZE);
        button.setOnAction(_ -> action.run());
        button.disableProperty()
                .bind(
                        model.render()
                                .outputProperty()
                                .when(messages.spoken())
                                .map(Optional::isEmpty));
        return button;
    }

    private Node remarks() {
        remarks.getStyleClass().add("remarks");
        remarks.setMinWidth(0);
        remarks.setMaxWidth(Double.MAX_VALUE);
        remarks.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                this::remark,
                                model.render().notices(),
                                model.render().stateProperty(),
                                model.appraisalProperty()));
        remarks.textProperty().subscribe(text -> Hints.on(remarks, text));
        return remarks;
    }

    /** Of the clip that is made; before and after that of the one that would be. */
    private String remark() {
        if (model.render().state().busy() || !model.render().notices().isEmpty()) {
            return model.render().notices().stream()
                    .map(notice -> NoticeWords.of(notice, messages))
                    .collect(Collectors.joining("  "));
        }
        return model.appraisalProperty().get().map(this::expected).orElse("");
    }

    private String expected(Appraisal appraisal) {
        GenerationPlan plan = appraisal.plan();
        Estimate estimate = appraisal.estimate();
        return Stream.concat(
                        plan.notices().stream()
                                .filter(RenderViewModel::isNews)
                                .map(notice -> NoticeWords.of(notice, messages)),
                        estimate.warnings().stream().map(messages::phrase))
                .collect(Collectors.joining("  "));
    }

    private void changeLooks() {
        int last = Math.max(1, model.render().looks().size() - 1);
        if (emergence.getMax() != last) {
            emergence.setMax(last);
        }
        showLook();
    }

    private void showLook() {
        Optional<Look> look = model.render().shownLook();
        // Between two clips the one before stays.
        if (look.isPresent()) {
            view.filmProperty().set(look.map(Look::film));
            emergence.setValue(model.render().shownLookProperty().get());
        }
        shown.setText(
                look.map(some ->
                                some.step().isPresent()
                                        ? messages.get("generate.look", some.step().getAsInt())
                                        : messages.get("generate.look.finished"))
                        .orElse(""));
    }

    private void showState() {
        GenerateState state = model.render().state();
        hint.setVisible(model.render().looks().isEmpty());
        hint.setText(messages.get(state.busy() ? "generate.hint.waiting" : "generate.hint"));
        bar.setVisible(state.busy());
        bar.setProgress(
                switch (state) {
                    case GenerateState.Sampling sampling -> sampling.fraction();
                    case GenerateState.Decoding(int frame, int frames) -> (double) frame / frames;
                    case GenerateState _ -> state.busy() ? ProgressBar.INDETERMINATE_PROGRESS : 0;
                });
        status.setText(
                switch (state) {
                    case GenerateState.Idle _ -> "";
                    case GenerateState.Waiting _ -> messages.get("generate.waiting");
                    case GenerateState.Sampling sampling -> sampling(sampling);
                    case GenerateState.Decoding(int frame, int frames) ->
                            messages.get("generate.decoding", frame, frames);
                    case GenerateState.Finished(Path output, var summary) ->
                            finished(output, summary);
                    case GenerateState.Stopped _ -> messages.get("generate.stopped");
                    case GenerateState.Failed _ -> messages.get("generate.failed");
                });
    }

    private String finished(Path output, GenerationSummary summary) {
        Duration took = summary.encoding().plus(summary.sampling()).plus(summary.decoding());
        return messages.get(
                "generate.finished", took.toMillis() / 1e3, String.valueOf(output.getFileName()));
    }

    private String sampling(GenerateState.Sampling sampling) {
        String step = messages.get("generate.sampling.step", sampling.step(), sampling.steps());
        if (sampling.secondsPerStep() == 0) {
            return step;
        }
        long seconds = Math.max(1, sampling.remaining().toSeconds());
        String left =
                seconds < 60
                        ? messages.get("setup.left.seconds", seconds)
                        : messages.get("setup.left.minutes", seconds / 60, seconds % 60);
        return messages.get("generate.sampling.pace", step, sampling.secondsPerStep(), left);
    }
}
