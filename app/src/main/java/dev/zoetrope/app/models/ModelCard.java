package dev.zoetrope.app.models;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.models.InstalledModel.Condition;
import dev.zoetrope.app.models.InstalledModel.Fit;
import dev.zoetrope.app.problem.Explanation;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.Prompting;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignM;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;

import java.util.stream.Collectors;

/** One model: what it can do, under what licence, and what it takes. */
final class ModelCard extends VBox {
    private static final double GIGA = 1e9;
    private static final double MEGA = 1e6;

    private final Messages messages;

    ModelCard(InstalledModel model, Messages messages, Runnable remove) {
        this.messages = messages;
        getStyleClass().addAll("card", "model-card");
        var name = new Label(model.name());
        name.getStyleClass().add("name");
        name.setWrapText(true);
        var words = new VBox(name);
        words.getStyleClass().add("words");
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        var facts = new FlowPane();
        facts.getStyleClass().add("chips");
        switch (model.condition()) {
            case Condition.Usable(Inspection content, var memory) -> {
                words.getChildren().add(line(ability(content)));
                facts.getChildren().add(fact(MaterialDesignC.CHIP, architectures(content)));
                memory.ifPresent(fit -> facts.getChildren().add(fit(fit)));
            }
            case Condition.Damaged(var problem) -> {
                Explanation explanation = Explanation.of(problem, messages);
                var title = line(explanation.title());
                title.getStyleClass().add("damage");
                words.getChildren()
                        .addAll(title, line(explanation.cause()), line(explanation.remedy()));
            }
        }
        facts.getChildren()
                .addAll(
                        fact(MaterialDesignF.FOLDER_OUTLINE, size(model.bytes())),
                        fact(
                                MaterialDesignC.COPYRIGHT,
                                model.licence()
                                        .orElseGet(() -> messages.get("models.licence.none"))));
        var top = new HBox(words, model.imported() ? removal(model, remove) : cameWithIt());
        top.getStyleClass().add("top");
        getChildren().addAll(top, facts);
    }

    private Label line(String text) {
        var line = new Label(text);
        line.setWrapText(true);
        return line;
    }

    private Label fact(Ikon icon, String text) {
        var fact = new Label(text, new FontIcon(icon));
        fact.getStyleClass().add("facts");
        return fact;
    }

    private Label fit(Fit fit) {
        var fact =
                fact(
                        fit.fits() ? MaterialDesignM.MEMORY : MaterialDesignA.ALERT_OUTLINE,
                        messages.get(
                                fit.fits()
                                        ? fit.tight() ? "models.fit.tight" : "models.fit"
                                        : "models.fit.not",
                                size((long) fit.needed()),
                                size(fit.there())));
        if (!fit.fits()) {
            fact.getStyleClass().add("damage");
        }
        return fact;
    }

    private Label cameWithIt() {
        var words = new Label(messages.get("models.own"));
        words.getStyleClass().add("facts");
        words.setMinWidth(Region.USE_PREF_SIZE);
        return words;
    }

    /** Asks once more in its own place, since what is deleted is gone. */
    private Node removal(InstalledModel model, Runnable remove) {
        var first =
                new Button(
                        messages.get("models.remove"),
                        new FontIcon(MaterialDesignT.TRASH_CAN_OUTLINE));
        first.setAccessibleText(messages.get("models.remove.name", model.name()));
        var sure = new Button(messages.get("models.remove.sure", size(model.bytes())));
        sure.getStyleClass().add(Styles.DANGER);
        var keep = new Button(messages.get("models.remove.keep"));
        var box = new HBox(first);
        box.getStyleClass().add("range");
        box.setMinWidth(Region.USE_PREF_SIZE);
        box.setAlignment(Pos.TOP_RIGHT);
        first.setOnAction(_ -> {
            box.getChildren().setAll(keep, sure);
            keep.requestFocus();
        });
        keep.setOnAction(_ -> {
            box.getChildren().setAll(first);
            first.requestFocus();
        });
        sure.setOnAction(_ -> remove.run());
        return box;
    }

    private String ability(Inspection content) {
        return content.abilities()
                .map(this::ability)
                .orElseGet(() ->
                        content.parts().stream()
                                .map(part ->
                                        messages.get(
                                                switch (part.role()) {
                                                    case CODEC -> "models.codec";
                                                    case TEXT_ENCODER -> "models.text";
                                                    case DENOISER -> "models.denoiser";
                                                    case UNKNOWN -> "models.unknown";
                                                }))
                                .distinct()
                                .collect(Collectors.joining(" ")));
    }

    private String ability(ModelAbilities able) {
        String prompting =
                switch (able.prompting()) {
                    case Prompting.Nothing _ -> messages.get("models.makes.nothing");
                    case Prompting.ByClass(int count, _) ->
                            messages.get("models.makes.class", count);
                    case Prompting.ByText(int tokens) -> messages.get("models.makes.text", tokens);
                };
        return messages.get(
                "models.makes", prompting, able.width(), able.height(), able.frames(), able.fps());
    }

    private static String architectures(Inspection content) {
        return content.parts().stream()
                .map(Inspection.Part::architecture)
                .collect(Collectors.joining(" · "));
    }

    private String size(long bytes) {
        return bytes >= GIGA
                ? messages.get("models.gigabytes", bytes / GIGA)
                : messages.get("models.megabytes", bytes / MEGA);
    }
}
