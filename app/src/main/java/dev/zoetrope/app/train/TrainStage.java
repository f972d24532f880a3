package dev.zoetrope.app.train;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.fx.OneOf;
import dev.zoetrope.app.text.Messages;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;

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
        var view = new OneOf<>(model.viewProperty().when(messages.spoken()), model::show);
        var clips =
                view.button(
                        TrainViewModel.View.CLIPS,
                        new ToggleButton(messages.get("train.view.clips")));
        var progress =
                view.button(
                        TrainViewModel.View.PROGRESS,
                        new ToggleButton(messages.get("train.view.progress")));
        progress.disableProperty()
                .bind(model.begunProperty().when(messages.spoken()).map(begun -> !begun));
        var row = new HBox(view.row(clips, progress));
        row.getStyleClass().add("views");
        row.setAlignment(Pos.CENTER);
        return row;
    }
}
