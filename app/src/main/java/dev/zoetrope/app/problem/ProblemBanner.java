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

    private final Label title = new Label();
    private final Label cause = new Label();
    private final Label remedy = new Label();
    private final FlowPane actions = new FlowPane();
    private final Messages messages;

    /** A banner that is not shown until there is a problem. */
    public ProblemBanner(Messages messages, Runnable dismiss) {
        this.messages = messages;
        getStyleClass().add("problem-banner");
        setAccessibleRole(AccessibleRole.TEXT);
        title.getStyleClass().add("title");
        cause.getStyleClass().add("cause");
        remedy.getStyleClass().add("remedy");
        cause.setWrapText(true);
        remedy.setWrapText(true);
        actions.getStyleClass().add("actions");
        var words = new VBox(title, cause, remedy, actions);
        words.getStyleClass().add("words");
        HBox.setHgrow(words, Priority.ALWAYS);
        var close =
                Buttons.icon(new Button(), MaterialDesignC.CLOSE, messages.get("problem.dismiss"));
        close.setOnAction(_ -> dismiss.run());
        var icon = new FontIcon(MaterialDesignA.ALERT_CIRCLE_OUTLINE);
        setAlignment(Pos.TOP_LEFT);
        getChildren().addAll(icon, words, close);
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
        explanation.ifPresent(some -> {
            title.setText(some.title());
            cause.setText(some.cause());
            remedy.setText(some.remedy());
            setAccessibleText(some.asText());
            actions.getChildren().clear();
            for (Remedy offered : remedies) {
                actions.getChildren().add(button(offered));
            }
            actions.getChildren()
                    .add(button(new Remedy(messages.get("problem.copy"), () -> copy(some))));
        });
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
