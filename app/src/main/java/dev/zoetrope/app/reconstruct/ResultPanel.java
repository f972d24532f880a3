package dev.zoetrope.app.reconstruct;

import dev.zoetrope.app.player.Decibels;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.reconstruction.ReconstructionSummary;

import javafx.geometry.HPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

import java.nio.file.Path;
import java.util.Optional;

/** The finished reconstruction in numbers, and where to put it. */
final class ResultPanel extends VBox {
    private final Messages messages;
    private final GridPane numbers = new GridPane();
    private final Label location = new Label();

    ResultPanel(
            ReconstructViewModel model, Messages messages, Runnable saveAs, Runnable showInFolder) {
        this.messages = messages;
        getStyleClass().addAll("section", "result-panel");
        var title = new Label(messages.get("result.title"));
        title.getStyleClass().add("section-title");
        numbers.getStyleClass().add("numbers");
        var names = new ColumnConstraints();
        names.setHgrow(Priority.ALWAYS);
        var values = new ColumnConstraints();
        values.setHalignment(HPos.RIGHT);
        numbers.getColumnConstraints().addAll(names, values);
        location.getStyleClass().add("facts");
        location.setWrapText(true);

        var save = button("result.save", MaterialDesignC.CONTENT_SAVE_OUTLINE, saveAs);
        var show = button("result.show", MaterialDesignF.FOLDER_OUTLINE, showInFolder);
        var buttons = new HBox(save, show);
        buttons.getStyleClass().add("buttons");
        getChildren().addAll(title, numbers, location, buttons);

        visibleProperty()
                .bind(
                        model.stateProperty()
                                .when(messages.spoken())
                                .map(RunState.Finished.class::isInstance));
        managedProperty().bind(visibleProperty());
        model.stateProperty().when(messages.spoken()).subscribe(this::show);
        model.copyProperty().when(messages.spoken()).subscribe(this::showCopy);
    }

    private Button button(String key, Ikon icon, Runnable action) {
        var button = new Button(messages.get(key), new FontIcon(icon));
        button.setMnemonicParsing(true);
        button.setMaxWidth(Double.MAX_VALUE);
        button.setOnAction(_ -> action.run());
        HBox.setHgrow(button, Priority.ALWAYS);
        return button;
    }

    private void show(RunState state) {
        if (state instanceof RunState.Finished(Path output, ReconstructionSummary summary)) {
            numbers.getChildren().clear();
            add(0, "result.psnr", Decibels.text(summary.psnr(), messages));
            add(1, "result.ssim", messages.get("quality.ssim", summary.ssim()));
            add(2, "result.compression", messages.get("result.ratio", summary.compression()));
            summary.codebook()
                    .ifPresent(book -> {
                        String use = messages.get("result.of", book.used(), book.size());
                        add(3, "result.codes", use);
                    });
            double seconds = summary.totalTime().toMillis() / 1e3;
            add(
                    4,
                    "result.time",
                    messages.get("result.seconds", seconds, summary.frames() / seconds));
            location.setText(messages.get("result.made", String.valueOf(output.getFileName())));
        }
    }

    private void showCopy(Optional<Path> copy) {
        copy.ifPresent(file -> location.setText(messages.get("result.saved", file.toString())));
    }

    private void add(int row, String key, String value) {
        var name = new Label(messages.get(key));
        name.getStyleClass().add("name");
        var number = new Label(value);
        number.getStyleClass().add("number");
        name.setLabelFor(number);
        Node[] cells = {name, number};
        numbers.addRow(row, cells);
    }
}
