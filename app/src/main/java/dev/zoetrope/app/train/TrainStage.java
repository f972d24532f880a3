package dev.zoetrope.app.train;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.text.Messages;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;

import org.controlsfx.control.SegmentedButton;

/** What is learned from, or how it goes: two views of a training, of which one is shown. */
final class TrainStage extends BorderPane {
    private final TrainViewModel model;
    private final Messages messages;

    /**
     * @param use takes the saved model to where its kind is used
     * @param show shows the run's folder
     */
    TrainStage(
            TrainViewModel model,
            Messages messages,
            Thumbnails thumbnails,
            Runnable use,
            Runnable show) {
        this.model = model;
        this.messages = messages;
        getStyleClass().addAll("stage", "train-stage");
        var clips = new DatasetView(model, messages, thumbnails);
        clips.visibleProperty().bind(shows(TrainViewModel.View.CLIPS));
        var progress = new TrainBoard(model, messages, use, show);
        progress.visibleProperty().bind(shows(TrainViewModel.View.PROGRESS));
        setTop(choice());
        setCenter(new StackPane(clips, progress));
    }

    private ObservableValue<Boolean> shows(TrainViewModel.View view) {
        return model.viewProperty().when(messages.spoken()).map(now -> now == view);
    }

    private Node choice() {
        var group = new ToggleGroup();
        var clips = view(TrainViewModel.View.CLIPS, "train.view.clips", group);
        var progress = view(TrainViewModel.View.PROGRESS, "train.view.progress", group);
        progress.disableProperty()
                .bind(model.begunProperty().when(messages.spoken()).map(begun -> !begun));
        var choice = new SegmentedButton(clips, progress);
        choice.setToggleGroup(group);
        model.viewProperty()
                .when(messages.spoken())
                .subscribe(now ->
                        group.selectToggle(now == TrainViewModel.View.CLIPS ? clips : progress));
        group.selectedToggleProperty()
                .subscribe((before, now) -> {
                    if (now == null) {
                        before.setSelected(true);
                    } else {
                        model.show((TrainViewModel.View) now.getUserData());
                    }
                });
        var row = new HBox(choice);
        row.getStyleClass().add("views");
        row.setAlignment(Pos.CENTER);
        return row;
    }

    private ToggleButton view(TrainViewModel.View view, String key, ToggleGroup group) {
        var button = new ToggleButton(messages.get(key));
        button.setUserData(view);
        button.setToggleGroup(group);
        return button;
    }
}
