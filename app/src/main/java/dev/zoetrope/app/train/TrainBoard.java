package dev.zoetrope.app.train;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.form.Form;
import dev.zoetrope.app.problem.Explanation;
import dev.zoetrope.app.text.Messages;

import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** How a training goes: its figures, the curve of its loss, and what its model makes. */
final class TrainBoard extends StackPane {
    private final TrainViewModel model;
    private final Messages messages;

    /**
     * @param use takes the saved model to where its kind is used
     * @param show shows the run's folder
     */
    TrainBoard(TrainViewModel model, Messages messages, Runnable use, Runnable show) {
        this.model = model;
        this.messages = messages;
        getStyleClass().add("train-board");
        var board = new VBox(figures(), curve(), leftOut(), samples(use, show));
        board.getStyleClass().add("board");
        getChildren().add(board);
    }

    private Node figures() {
        var step = new Label();
        var loss = new Label();
        var heldOut = new Label();
        var speed = new Label();
        var left = new Label();
        var rate = new Label();
        model.paceProperty()
                .when(messages.spoken())
                .subscribe(pace -> {
                    boolean begun = pace.step() > 0;
                    step.setText(begun ? messages.get("train.count", pace.step()) : "–");
                    loss.setText(begun ? loss(pace.loss()) : "–");
                    speed.setText(
                            begun ? messages.get("train.speed.value", pace.stepsPerSecond()) : "–");
                    left.setText(begun ? clock(pace.remaining()) : "–");
                    rate.setText(
                            begun ? messages.get("train.rate.value", pace.learningRate()) : "–");
                });
        var judged = tile("train.loss.heldout", heldOut);
        model.heldOutLossProperty()
                .when(messages.spoken())
                .subscribe(some -> {
                    some.ifPresent(value -> heldOut.setText(loss(value)));
                    judged.setVisible(some.isPresent());
                    judged.setManaged(some.isPresent());
                });
        var row =
                new HBox(
                        tile("train.step", step),
                        tile("train.loss.name", loss),
                        judged,
                        tile("train.speed", speed),
                        tile("train.left", left),
                        tile("train.rate", rate));
        row.getStyleClass().add("figures");
        return row;
    }

    private String loss(double loss) {
        return messages.get(loss < 0.01 ? "train.loss.small" : "train.loss", loss);
    }

    private Node tile(String key, Label value) {
        var name = new Label(messages.get(key));
        name.getStyleClass().add("name");
        name.setLabelFor(value);
        value.getStyleClass().add("value");
        var tile = new VBox(name, value);
        tile.getStyleClass().add("tile");
        tile.setMinWidth(0);
        tile.setPrefWidth(120);
        HBox.setHgrow(tile, Priority.ALWAYS);
        return tile;
    }

    private String clock(Duration left) {
        return messages.get(
                "train.clock", left.toHours(), left.toMinutesPart(), left.toSecondsPart());
    }

    private Node curve() {
        var curve = new LossCurve(model.losses(), model.comparedLosses(), messages);
        model.paceProperty()
                .when(messages.spoken())
                .subscribe(pace -> curve.setSteps(pace.steps()));
        VBox.setVgrow(curve, Priority.ALWAYS);
        var box = new VBox(comparison(), curve);
        box.getStyleClass().add("curves");
        VBox.setVgrow(box, Priority.ALWAYS);
        return box;
    }

    /** Which run's curve lies behind this one's. */
    private Node comparison() {
        var name = new Label(messages.get("train.compare"));
        var other = new ComboBox<Optional<String>>();
        name.setLabelFor(other);
        name.setMnemonicParsing(true);
        other.setConverter(
                Form.shown(run -> run.orElseGet(() -> messages.get("train.compare.none"))));
        other.setOnShowing(_ -> offer(other));
        model.comparedRunProperty().when(messages.spoken()).subscribe(_ -> offer(other));
        other.valueProperty()
                .subscribe(chosen -> {
                    if (chosen != null) {
                        model.comparedRunProperty().set(chosen);
                    }
                });
        var swatch = new Region();
        swatch.getStyleClass().add("swatch");
        swatch.visibleProperty().bind(Bindings.isNotEmpty(model.comparedLosses()));
        var title = new Label(messages.get("train.curve"));
        var gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        var row = new HBox(title, gap, swatch, name, other);
        row.getStyleClass().add("comparison");
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }

    private void offer(ComboBox<Optional<String>> other) {
        Optional<String> chosen = model.comparedRunProperty().get();
        var offered = new LinkedHashSet<Optional<String>>();
        offered.add(Optional.empty());
        offered.add(chosen);
        model.choices().runNames().stream()
                .filter(run -> !run.equals(model.choices().runNameProperty().get()))
                .map(Optional::of)
                .forEach(offered::add);
        // Emptied, a box has no value for a moment, which is no choice.
        if (!List.copyOf(offered).equals(other.getItems())) {
            other.getItems().setAll(offered);
        }
        other.setValue(chosen);
    }

    private Node leftOut() {
        var words = new Label();
        words.getStyleClass().add("facts");
        words.setWrapText(true);
        words.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () ->
                                        model.leftOut().isEmpty()
                                                ? ""
                                                : messages.get(
                                                        "train.skipped",
                                                        model.leftOut().size(),
                                                        Explanation.of(
                                                                        model.leftOut()
                                                                                .getFirst()
                                                                                .problem(),
                                                                        messages)
                                                                .cause()),
                                model.leftOut()));
        words.visibleProperty().bind(words.textProperty().isNotEmpty());
        words.managedProperty().bind(words.visibleProperty());
        return words;
    }

    private Node samples(Runnable use, Runnable show) {
        var caption = new Label();
        caption.getStyleClass().add("facts");
        caption.setWrapText(true);
        caption.textProperty()
                .bind(
                        model.sheetProperty()
                                .when(messages.spoken())
                                .map(sheet ->
                                        sheet.map(this::caption)
                                                .orElseGet(
                                                        () -> messages.get("train.sheet.none"))));
        var useButton = new Button("", new FontIcon(MaterialDesignC.CHECK));
        useButton.getStyleClass().addAll(Styles.SMALL);
        useButton.setMnemonicParsing(true);
        useButton.setOnAction(_ -> use.run());
        useButton
                .textProperty()
                .bind(
                        model.savedProperty()
                                .when(messages.spoken())
                                // Never empty, where JavaFX looks for a mnemonic that is gone.
                                .map(saved ->
                                        useWords(
                                                saved.map(SavedModel::subject)
                                                        .orElse(Subject.CODEC))));
        var showButton =
                new Button(
                        messages.get("train.show"), new FontIcon(MaterialDesignF.FOLDER_OUTLINE));
        showButton.getStyleClass().addAll(Styles.SMALL);
        showButton.setMnemonicParsing(true);
        showButton.setOnAction(_ -> show.run());
        var buttons = new HBox(useButton, showButton);
        buttons.getStyleClass().add("range");
        buttons.visibleProperty()
                .bind(model.savedProperty().when(messages.spoken()).map(Optional::isPresent));
        buttons.setMinWidth(Region.USE_PREF_SIZE);
        var gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        var head = new HBox(caption, gap, buttons);
        head.setAlignment(Pos.CENTER_LEFT);

        var picture = new ImageView();
        picture.setPreserveRatio(true);
        picture.setSmooth(false);
        picture.setAccessibleText(messages.get("train.samples"));
        var frame = new Pane(picture);
        frame.setMinSize(0, 0);
        frame.setPrefHeight(0);
        picture.fitWidthProperty().bind(frame.widthProperty());
        picture.fitHeightProperty().bind(frame.heightProperty());
        VBox.setVgrow(frame, Priority.ALWAYS);
        model.sheetProperty()
                .when(messages.spoken())
                .subscribe(sheet ->
                        // Read on a thread of its own.
                        picture.setImage(
                                sheet.map(some -> new Image(some.file().toUri().toString(), true))
                                        .orElse(null)));
        var box = new VBox(head, frame, time());
        box.getStyleClass().add("samples");
        VBox.setVgrow(box, Priority.ALWAYS);
        box.setPrefHeight(0);
        return box;
    }

    /** Leads through the samples of the run, from its first to the newest. */
    private Node time() {
        var slider = new Slider(0, 1, 0);
        slider.getStyleClass().add(Styles.SMALL);
        slider.setAccessibleText(messages.get("train.samples.time"));
        slider.setBlockIncrement(1);
        slider.setMajorTickUnit(1);
        slider.setMinorTickCount(0);
        slider.setSnapToTicks(true);
        var sheets = model.sheets();
        Runnable follow =
                () -> {
                    slider.setMax(Math.max(1, sheets.size() - 1));
                    model.sheetProperty()
                            .get()
                            .ifPresent(sheet -> slider.setValue(sheets.indexOf(sheet)));
                };
        model.sheetProperty().when(messages.spoken()).subscribe(_ -> follow.run());
        Bindings.size(sheets).when(messages.spoken()).subscribe(_ -> follow.run());
        slider.valueProperty()
                .subscribe(value -> {
                    int at = (int) Math.round(value.doubleValue());
                    if (at < sheets.size()) {
                        model.look(sheets.get(at));
                    }
                });
        slider.visibleProperty().bind(Bindings.size(sheets).greaterThan(1));
        slider.managedProperty().bind(slider.visibleProperty());
        return slider;
    }

    private String useWords(Subject subject) {
        return messages.get(
                switch (subject) {
                    case CODEC -> "train.use.codec";
                    case DENOISER -> "train.use.denoiser";
                });
    }

    private String caption(SampleSheet sheet) {
        return switch (sheet.subject()) {
            case CODEC -> messages.get("train.sheet.codec", sheet.step());
            case DENOISER -> messages.get("train.sheet.denoiser", sheet.step());
        };
    }
}
