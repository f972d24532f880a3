package dev.zoetrope.app.generate;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.fx.Hints;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;

import java.util.Optional;

/** Says that an estimate is a guess, and what is done about that; there only while it is so. */
final class CalibrationLine extends HBox {
    private final GenerateViewModel model;
    private final Messages messages;
    private final Label words = new Label();
    private final Button skip = new Button();

    CalibrationLine(GenerateViewModel model, Messages messages) {
        this.model = model;
        this.messages = messages;
        getStyleClass().add("calibration-line");
        setAlignment(Pos.CENTER_LEFT);
        words.setWrapText(true);
        words.setMinWidth(0);
        words.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(words, Priority.ALWAYS);
        skip.setText(messages.get("generate.calibration.skip"));
        skip.getStyleClass().addAll("quiet", Styles.FLAT);
        skip.setMinWidth(USE_PREF_SIZE);
        Hints.on(skip, messages.get("generate.calibration.skip.about"));
        skip.setOnAction(_ -> model.calibration().skip());
        skip.managedProperty().bind(skip.visibleProperty());
        getChildren().addAll(words, skip);
        managedProperty().bind(visibleProperty());
        model.appraisalProperty().when(messages.spoken()).subscribe(_ -> show());
        model.calibration().jobProperty().when(messages.spoken()).subscribe(_ -> show());
    }

    private void show() {
        boolean guessed =
                model.appraisalProperty()
                        .get()
                        .map(Appraisal::estimate)
                        .filter(estimate -> estimate.basis() != Estimate.Basis.THIS_MODEL)
                        .isPresent();
        Optional<QueuedJob> job = model.calibration().jobProperty().get();
        Status status = job.map(QueuedJob::status).orElse(Status.SUCCEEDED);
        skip.setVisible(status == Status.RUNNING || status == Status.PENDING);
        setVisible(guessed || status == Status.RUNNING);
        words.setText(
                switch (status) {
                    case RUNNING ->
                            messages.get(
                                    "generate.calibration.running",
                                    job.map(CalibrationLine::fraction).orElse(0.0));
                    case PENDING -> messages.get("generate.calibration.waiting");
                    default -> messages.get("generate.calibration.none");
                });
    }

    private static double fraction(QueuedJob job) {
        return job.total() == 0 ? 0 : (double) job.done() / job.total();
    }
}
