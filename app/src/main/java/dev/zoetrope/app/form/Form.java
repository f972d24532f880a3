package dev.zoetrope.app.form;

import dev.zoetrope.app.fx.Reveal;
import dev.zoetrope.app.text.Messages;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import java.nio.file.Path;
import java.util.function.Function;

/** Makes the rows of a form, in one look and with what a screen reader says of them. */
public final class Form {
    private final Messages messages;

    public Form(Messages messages) {
        this.messages = messages;
    }

    /** Rows under a title. */
    public VBox section(String titleKey, Node... content) {
        var title = new Label(messages.get(titleKey));
        title.getStyleClass().add("section-title");
        var section = new VBox(title);
        section.getStyleClass().add("section");
        section.getChildren().addAll(content);
        return section;
    }

    /** A control under its label, whose mnemonic goes to it. */
    public VBox field(String labelKey, Control control) {
        var label = new Label(messages.get(labelKey));
        label.setMnemonicParsing(true);
        label.setLabelFor(control);
        control.setAccessibleText(messages.get(labelKey).replace("_", ""));
        control.setMaxWidth(Double.MAX_VALUE);
        var field = new VBox(label, control);
        field.getStyleClass().add("field");
        return field;
    }

    /** A page that is one column in the middle, which goes to where the keyboard is. */
    public static ScrollPane column(VBox content) {
        var centred = new StackPane(content);
        centred.setAlignment(Pos.TOP_CENTER);
        var scroll = new ScrollPane(centred);
        Reveal.focused(scroll);
        scroll.setFitToWidth(true);
        scroll.setFocusTraversable(false);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        return scroll;
    }

    /** The name of a thing that is given by its name, or by where it is. */
    public static String name(String nameOrPlace) {
        return String.valueOf(Path.of(nameOrPlace).getFileName());
    }

    /** How a choice is written that is made, not typed; blank while there is none. */
    public static <T> StringConverter<T> shown(Function<T, String> name) {
        return new StringConverter<>() {
            @Override
            public String toString(T value) {
                return value == null ? "" : name.apply(value);
            }

            @Override
            public T fromString(String text) {
                throw new UnsupportedOperationException("it is chosen, not typed");
            }
        };
    }
}
