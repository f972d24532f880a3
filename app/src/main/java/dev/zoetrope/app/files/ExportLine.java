package dev.zoetrope.app.files;

import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.fx.Hints;
import dev.zoetrope.app.text.Messages;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;

import org.kordamp.ikonli.materialdesign2.MaterialDesignC;

import java.nio.file.Path;

/** What is said of an export; nothing while there is none. */
public final class ExportLine extends HBox {
    private final Messages messages;
    private final Label words = new Label();
    private final ProgressBar bar = new ProgressBar(0);
    private final Button cancel;

    public ExportLine(Exporting exporting, Messages messages) {
        this.messages = messages;
        getStyleClass().add("export-line");
        setAlignment(Pos.CENTER_LEFT);
        setMinWidth(0);
        words.setMinWidth(0);
        bar.setAccessibleText(messages.get("export.progress"));
        bar.setMinWidth(USE_PREF_SIZE);
        cancel = Buttons.icon(new Button(), MaterialDesignC.CLOSE, messages.get("export.cancel"));
        cancel.setOnAction(_ -> exporting.cancel());
        getChildren().addAll(words, bar, cancel);
        bar.managedProperty().bind(bar.visibleProperty());
        cancel.managedProperty().bind(cancel.visibleProperty());
        managedProperty().bind(visibleProperty());
        exporting.stateProperty().when(messages.spoken()).subscribe(this::show);
    }

    private void show(Exporting.State state) {
        boolean writing = state instanceof Exporting.State.Writing;
        setVisible(!(state instanceof Exporting.State.None));
        bar.setVisible(writing);
        cancel.setVisible(writing);
        switch (state) {
            case Exporting.State.None() -> {}
            case Exporting.State.Writing(Path target, double fraction) -> {
                say("export.writing", String.valueOf(target.getFileName()));
                bar.setProgress(fraction);
            }
            case Exporting.State.Written(Path target) -> say("export.written", target.toString());
        }
    }

    private void say(String key, String file) {
        words.setText(messages.get(key, file));
        Hints.on(words, words.getText());
    }
}
