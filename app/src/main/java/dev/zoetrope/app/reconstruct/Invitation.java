package dev.zoetrope.app.reconstruct;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.ui.Resources;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.image.ImageView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** What the page says while it has no video: what to do, and with which files it works. */
final class Invitation extends StackPane {
    private static final double ICON_SIZE = 72;

    Invitation(Messages messages, Optional<Path> sample, Runnable open, Consumer<Path> trySample) {
        getStyleClass().add("invitation");
        var icon = new ImageView(Resources.icon().toExternalForm());
        icon.setFitWidth(ICON_SIZE);
        icon.setFitHeight(ICON_SIZE);
        icon.setSmooth(true);
        var title = new Label(messages.get("invitation.title"));
        title.getStyleClass().add("title");
        var explanation = new Label(messages.get("invitation.explanation"));
        explanation.getStyleClass().add("explanation");
        explanation.setWrapText(true);
        var formats = new Label(messages.get("invitation.formats"));
        formats.getStyleClass().add("formats");
        formats.setWrapText(true);

        var choose = new Button(messages.get("invitation.open"));
        choose.getStyleClass().add(Styles.ACCENT);
        choose.setMnemonicParsing(true);
        choose.setOnAction(_ -> open.run());
        var buttons = new HBox(choose);
        buttons.getStyleClass().add("buttons");
        buttons.setAlignment(Pos.CENTER);
        sample.ifPresent(clip -> {
            var button = new Button(messages.get("invitation.sample"));
            button.setMnemonicParsing(true);
            button.setOnAction(_ -> trySample.accept(clip));
            buttons.getChildren().add(button);
        });

        var content = new VBox(icon, title, explanation, buttons, formats);
        content.getStyleClass().add("content");
        content.setAlignment(Pos.CENTER);
        content.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        getChildren().add(content);
    }
}
