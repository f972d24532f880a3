package dev.zoetrope.app.train;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.form.Form;
import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.fx.OneOf;
import dev.zoetrope.app.problem.Explanation;
import dev.zoetrope.app.text.Messages;

import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.materialdesign2.MaterialDesignR;

import java.util.Optional;
import java.util.function.ToIntFunction;

/** What there is to learn from: how much of what, the clips with their captions, what is amiss. */
final class DatasetView extends VBox {
    private final TrainViewModel model;
    private final DatasetViewModel dataset;
    private final Messages messages;

    DatasetView(TrainViewModel model, Messages messages, Thumbnails thumbnails) {
        this.model = model;
        this.dataset = model.dataset();
        this.messages = messages;
        getStyleClass().add("dataset-view");
        var grid = new ExampleGrid(dataset, thumbnails, messages);
        grid.visibleProperty().bind(contents().map(now -> !isBare(now)));
        visibleProperty()
                .subscribe(visible -> {
                    if (!visible) {
                        grid.stop();
                    }
                });
        var stack = new StackPane(grid, waiting(), unusable());
        VBox.setVgrow(stack, Priority.ALWAYS);
        getChildren().addAll(invitation(), head(), stack);
        dataset.open();
    }

    private ObservableValue<Contents> contents() {
        return dataset.contentsProperty().when(messages.spoken());
    }

    private static boolean isBare(Contents contents) {
        return switch (contents) {
            case Contents.Files _, Contents.MadeUp _ -> false;
            case Contents.Unknown _, Contents.Reading _, Contents.Unusable _ -> true;
        };
    }

    /** Only before the first training: whoever has begun one knows. */
    private Node invitation() {
        var title = new Label(messages.get("train.invitation.title"));
        title.getStyleClass().add("title");
        var explanation = new Label(messages.get("train.invitation.explanation"));
        explanation.getStyleClass().add("explanation");
        explanation.setWrapText(true);
        var formats = new Label(messages.get("train.invitation.formats"));
        formats.getStyleClass().add("explanation");
        formats.setWrapText(true);
        var invitation = new VBox(title, explanation, formats);
        invitation.getStyleClass().add("welcome");
        invitation.setMinHeight(USE_PREF_SIZE);
        invitation
                .visibleProperty()
                .bind(model.begunProperty().when(messages.spoken()).map(begun -> !begun));
        invitation.managedProperty().bind(invitation.visibleProperty());
        return invitation;
    }

    private Node head() {
        var name = new Label();
        name.getStyleClass().add("name");
        var place = new Tooltip();
        name.setTooltip(place);
        model.choices()
                .datasetProperty()
                .when(messages.spoken())
                .subscribe(chosen -> {
                    name.setText(chosen == null ? "" : Form.name(chosen));
                    place.setText(chosen);
                });
        var reload = new Button();
        Buttons.icon(reload, MaterialDesignR.REFRESH, messages.get("train.set.reload"));
        reload.setOnAction(_ -> dataset.reload());
        reload.disableProperty().bind(contents().map(now -> now instanceof Contents.Reading));
        reload.visibleProperty()
                .bind(
                        contents()
                                .map(now ->
                                        !(now instanceof Contents.Unknown
                                                || now instanceof Contents.MadeUp)));
        var gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        var row = new HBox(name, reload, gap, selection());
        row.getStyleClass().add("row");
        row.setAlignment(Pos.CENTER_LEFT);

        var counts = new Label();
        counts.setWrapText(true);
        counts.getStyleClass().add("facts");
        counts.textProperty().bind(contents().map(this::counts));
        // Its line is there when it is empty, so that nothing moves when it is not.
        var wordless = new Label();
        wordless.setWrapText(true);
        wordless.getStyleClass().addAll("facts", "wordless");
        ObservableValue<Contents> contents = contents();
        ObservableValue<Subject> subject =
                model.choices().subjectProperty().when(messages.spoken());
        ObservableValue<Optional<String>> words =
                model.choices().textEncoderProperty().when(messages.spoken());
        wordless.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () ->
                                        wordless(
                                                contents.getValue(),
                                                subject.getValue() == Subject.DENOISER
                                                        && words.getValue().isPresent()),
                                contents,
                                subject,
                                words));
        var head = new VBox(row, counts, wordless);
        head.getStyleClass().add("head");
        head.setMinHeight(USE_PREF_SIZE);
        return head;
    }

    private String counts(Contents contents) {
        return switch (contents) {
            case Contents.Unknown _, Contents.Reading _, Contents.Unusable _ -> "";
            case Contents.MadeUp(var examples) -> messages.get("train.set.made", examples.size());
            case Contents.Files files when files.looked() < files.examples().size() ->
                    messages.get(
                            "train.set.looking",
                            files.examples().size(),
                            files.looked(),
                            files.videos(),
                            files.pictures());
            case Contents.Files files ->
                    messages.get("train.set.looked", files.videos(), files.pictures());
        };
    }

    private String wordless(Contents contents, boolean learnsWords) {
        if (!learnsWords
                || !(contents instanceof Contents.Files files)
                || files.uncaptioned() == 0) {
            return "";
        }
        return files.wordless()
                ? messages.get("train.set.wordless.all")
                : messages.get("train.set.wordless", files.uncaptioned());
    }

    /** Which of them are shown. */
    private Node selection() {
        var selection =
                new OneOf<>(
                        dataset.selectionProperty().when(messages.spoken()),
                        dataset.selectionProperty()::set);
        var choice =
                selection.row(
                        selection.button(
                                DatasetViewModel.Selection.ALL,
                                counting("train.set.all", files -> files.examples().size())),
                        selection.button(
                                DatasetViewModel.Selection.UNCAPTIONED,
                                counting("train.set.uncaptioned", Contents.Files::uncaptioned)),
                        selection.button(
                                DatasetViewModel.Selection.LEFT_OUT,
                                counting("train.set.leftout", Contents.Files::leftOut)));
        choice.setMinWidth(Region.USE_PREF_SIZE);
        choice.visibleProperty().bind(contents().map(now -> now instanceof Contents.Files));
        return choice;
    }

    /** A button with how many there are of them, if there are any. */
    private ToggleButton counting(String key, ToIntFunction<Contents.Files> count) {
        ObservableValue<Integer> many =
                contents()
                        .map(now ->
                                now instanceof Contents.Files files ? count.applyAsInt(files) : 0);
        var button = new ToggleButton();
        button.textProperty().bind(many.map(number -> messages.get(key, number)));
        button.disableProperty().bind(many.map(number -> number == 0));
        return button;
    }

    private Node waiting() {
        var waiting =
                new VBox(new ProgressIndicator(), new Label(messages.get("train.set.reading")));
        waiting.getStyleClass().add("waiting");
        waiting.visibleProperty().bind(contents().map(now -> now instanceof Contents.Reading));
        return waiting;
    }

    private Node unusable() {
        var cause = new Label();
        cause.getStyleClass().add("cause");
        cause.setWrapText(true);
        var remedy = new Label();
        remedy.setWrapText(true);
        var words = new VBox(cause, remedy);
        words.getStyleClass().add("unusable");
        words.setMouseTransparent(true);
        contents()
                .subscribe(now -> {
                    Optional<Explanation> why =
                            now instanceof Contents.Unusable(var problem)
                                    ? Optional.of(Explanation.of(problem, messages))
                                    : Optional.empty();
                    words.setVisible(why.isPresent());
                    cause.setText(why.map(Explanation::cause).orElse(""));
                    remedy.setText(why.map(Explanation::remedy).orElse(""));
                });
        return words;
    }
}
