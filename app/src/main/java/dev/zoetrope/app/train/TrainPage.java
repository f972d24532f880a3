package dev.zoetrope.app.train;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.files.DropTarget;
import dev.zoetrope.app.files.FileDialogs;
import dev.zoetrope.app.problem.Explanation;
import dev.zoetrope.app.problem.ProblemBanner;
import dev.zoetrope.app.problem.ProblemBanner.Remedy;
import dev.zoetrope.app.settings.SettingsStore;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.problem.Problem;

import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import java.util.Optional;
import java.util.function.Consumer;

/** Pick clips, look at them, press start, watch the loss fall, use what was learned. */
public final class TrainPage extends StackPane {
    private final TrainViewModel model;
    private final Messages messages;
    private final FileDialogs dialogs;
    private final SettingsStore settings;
    private final Consumer<SavedModel> useModel;
    private final ProblemBanner banner;

    /**
     * @param useModel makes use of what was trained
     */
    public TrainPage(
            TrainViewModel model,
            Messages messages,
            FileDialogs dialogs,
            SettingsStore settings,
            Thumbnails thumbnails,
            Consumer<SavedModel> useModel) {
        this.model = model;
        this.messages = messages;
        this.dialogs = dialogs;
        this.settings = settings;
        this.useModel = useModel;
        this.banner = new ProblemBanner(messages, model::dismissProblem);
        getStyleClass().add("train-page");

        var panel =
                new TrainPanel(
                        model,
                        messages,
                        new TrainPanel.Choosers(
                                this::chooseClips, this::chooseModel, this::chooseConfiguration));
        var stage = new TrainStage(model, messages, thumbnails, this::use, this::showRun);
        VBox.setVgrow(stage, Priority.ALWAYS);
        var content = new BorderPane();
        content.setLeft(panel);
        content.setCenter(new VBox(banner, stage));
        var drop = new DropTarget(messages, "train.drop", "train.drop.several");
        getChildren().addAll(content, drop);

        model.problemProperty().when(messages.spoken()).subscribe(this::show);
        drop.watch(this, model.choices()::useClips);
    }

    /** Stops the training when Escape is pressed; it saves what it has learned. */
    public void onKey(KeyEvent event) {
        if (event.getCode() == KeyCode.ESCAPE && model.busy()) {
            model.stop();
            event.consume();
        }
    }

    private void chooseClips() {
        dialogs.folder(settings.settings().remembered().lastFolder())
                .ifPresent(model.choices()::useClips);
    }

    private void chooseModel() {
        dialogs.folder(Optional.empty())
                .ifPresent(folder ->
                        model.choices().beginWith(new Beginning.Model(folder.toString())));
    }

    private void chooseConfiguration() {
        dialogs.configuration()
                .ifPresent(file -> model.choices().beginWith(new Beginning.Configuration(file)));
    }

    private void use() {
        model.savedProperty().get().ifPresent(useModel);
    }

    private void showRun() {
        model.savedProperty()
                .get()
                .ifPresent(saved -> dialogs.showInFolder(saved.run().resolve("request.json")));
    }

    private void show(Optional<Problem> problem) {
        Optional<Explanation> explanation = problem.map(some -> Explanation.of(some, messages));
        if (model.stateProperty().get() == TrainState.FAILED) {
            banner.show(explanation, new Remedy(messages.get("problem.retry"), model::start));
        } else {
            banner.show(explanation);
        }
    }
}
