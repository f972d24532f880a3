package dev.zoetrope.app.generate;

import dev.zoetrope.app.form.Form;
import dev.zoetrope.app.fx.Hints;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.generation.PromptReading;

import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.css.PseudoClass;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.TraversalDirection;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import java.util.Optional;

/** A text for the model, and under it what the model makes of it. */
final class PromptEditor extends VBox {
    private static final PseudoClass CUT = PseudoClass.getPseudoClass("cut");
    private static final double REMARK_BELOW = 12;
    private static final int LONGEST_QUOTE = 14;

    private final Messages messages;
    private final TextArea area = new TextArea();
    private final HBox above = new HBox();
    private final Label remark = new Label();
    private final Label tokens = new Label();

    /**
     * @param key of its name
     * @param reading what the model makes of it, empty while that is not known
     */
    PromptEditor(
            Messages messages,
            String key,
            int rows,
            StringProperty text,
            ObservableValue<Optional<PromptReading>> reading) {
        this.messages = messages;
        getStyleClass().add("prompt-editor");
        area.setWrapText(true);
        area.setPrefRowCount(rows);
        area.textProperty().bindBidirectional(text);
        // A prompt has no tabs, so that key leads on as everywhere else.
        area.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (event.getCode() == KeyCode.TAB && !event.isControlDown()) {
                        area.requestFocusTraversal(
                                event.isShiftDown()
                                        ? TraversalDirection.PREVIOUS
                                        : TraversalDirection.NEXT);
                        event.consume();
                    }
                });
        remark.getStyleClass().add("remark");
        remark.setMinWidth(0);
        tokens.getStyleClass().add("tokens");
        tokens.setMinWidth(Region.USE_PREF_SIZE);
        var field = new Form(messages).field(key, area);
        Node name = field.getChildren().removeFirst();
        name.getStyleClass().add("name");
        var space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        above.getChildren().setAll(name, space, tokens);
        above.getStyleClass().add("above");
        above.setAlignment(Pos.CENTER_LEFT);
        field.getChildren().addFirst(above);
        // There is always room for it, most of it between this and what follows.
        VBox.setMargin(remark, new Insets(0, 0, -REMARK_BELOW, 0));
        getChildren().addAll(field, remark);
        reading.subscribe(this::show);
    }

    TextArea area() {
        return area;
    }

    /** Puts something at the right end of the line above the text. */
    void addAbove(Node node) {
        above.getChildren().add(node);
    }

    private void show(Optional<PromptReading> reading) {
        boolean blank = area.getText().isBlank();
        Optional<PromptReading> shown = reading.filter(_ -> !blank);
        String words = shown.map(this::remark).orElse("");
        remark.setText(words);
        Hints.on(remark, words);
        boolean cut = shown.filter(PromptReading::isCut).isPresent();
        tokens.setText(
                shown.map(some ->
                                messages.get(
                                        cut ? "generate.tokens.cut" : "generate.tokens",
                                        some.tokens(),
                                        some.limit()))
                        .orElse(""));
        Hints.on(tokens, cut ? messages.get("generate.tokens.cut.about") : "");
        tokens.pseudoClassStateChanged(CUT, cut);
    }

    private String remark(PromptReading reading) {
        return reading.slip()
                .map(slip ->
                        messages.get(
                                switch (slip.kind()) {
                                    case UNCLOSED -> "generate.slip.unclosed";
                                    case NOTHING_TO_CHOOSE -> "generate.slip.nothing";
                                    case EMPTY_CHOICE -> "generate.slip.empty";
                                },
                                quote(slip.text())))
                .orElseGet(() ->
                        reading.variants() > 1
                                ? messages.get("generate.variants", reading.variants())
                                : "");
    }

    private static String quote(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() > LONGEST_QUOTE ? line.substring(0, LONGEST_QUOTE) + "…" : line;
    }
}
