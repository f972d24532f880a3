package dev.zoetrope.app.problem;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.problem.Problem;

import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;

import java.util.Optional;

/** A problem on the page it belongs to: nothing stops, nothing has to be clicked away first. */
public final class ProblemBanner extends HBox {
    /** Something the person can do about it. */
    public record Remedy(String name, Runnable action) {}

    private final Messages messages;
    private final Runnable dismiss;

    /** A banner that is not shown until there is a problem. */
    public ProblemBanner(Messages messages, Runnable dismiss) {
        this.messages = messages;
        this.dismiss = dismiss;
        getStyleClass().add("problem-banner");
        setAccessibleRole(AccessibleRole.TEXT);
        setAlignment(Pos.TOP_LEFT);
        show(Optional.empty());
    }

    /** Explains what goes wrong there, for as long as its language is spoken. */
    public void follow(ObservableValue<Optional<Problem>> problems) {
        problems.when(messages.spoken())
                .subscribe(problem -> show(problem.map(some -> Explanation.of(some, messages))));
    }

    /** Explains a problem, or goes away. */
    public void show(Optional<Explanation> explanation, Remedy... remedies) {
        setVisible(explanation.isPresent());
        setManaged(explanation.isPresent());
        getChildren().clear();
        explanation.ifPresent(some -> {
            var words = words(some);
            words.getChildren().add(actions(some, remedies));
            HBox.setHgrow(words, Priority.ALWAYS);
            var close =
                    Buttons.icon(
                            new Button(), MaterialDesignC.CLOSE, messages.get("problem.dismiss"));
            close.setOnAction(_ -> dismiss.run());
            setAccessibleText(some.asText());
            getChildren().addAll(new FontIcon(MaterialDesignA.ALERT_CIRCLE_OUTLINE), words, close);
        });
    }

    private static VBox words(Explanation explanation) {
        var title = new Label(explanation.title());
        title.getStyleClass().add("title");
        var cause = new Label(explanation.cause());
        cause.getStyleClass().add("cause");
        cause.setWrapText(true);
        var remedy = new Label(explanation.remedy());
        remedy.getStyleClass().add("remedy");
        remedy.setWrapText(true);
        var words = new VBox(title, cause, remedy);
        words.getStyleClass().add("words");
        return words;
    }

    private FlowPane actions(Explanation explanation, Remedy[] remedies) {
        var actions = new FlowPane();
        actions.getStyleClass().add("actions");
        for (Remedy offered : remedies) {
            actions.getChildren().add(button(offered));
        }
        actions.getChildren()
                .add(button(new Remedy(messages.get("problem.copy"), () -> copy(explanation))));
        return actions;
    }

    private static Button button(Remedy remedy) {
        var button = new Button(remedy.name());
        button.getStyleClass().addAll(Styles.SMALL, "quiet");
        button.setMnemonicParsing(true);
        button.setOnAction(_ -> remedy.action().run());
        return button;
    }

    private static void copy(Explanation explanation) {
        var content = new ClipboardContent();
        content.putString(explanation.asText());
        Clipboard.getSystemClipboard().setContent(content);
    }
}
