package dev.zoetrope.app.library;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.clip.MovingPicture;
import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.generation.GenerationRequest;

import javafx.collections.ListChangeListener;
import javafx.collections.WeakListChangeListener;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.image.ImageView;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignE;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;

import java.util.Optional;
import java.util.function.Consumer;

/** One clip, playing, with all that it says of how it was made. */
final class DetailsPanel extends ScrollPane {
    private static final double PICTURE_WIDTH = 264;
    private static final double MOST_PICTURE_HEIGHT = 264;

    private final LibraryViewModel model;
    private final Thumbnails thumbnails;
    private final Messages messages;
    private final ClipWords words;
    private final Consumer<GenerationRequest> useSettings;
    private final Consumer<Clip> export;
    private final Consumer<Clip> reveal;
    private final ImageView picture = new ImageView();
    private final Label several = new Label();
    private final Button compare;
    private final VBox content = new VBox();

    // Held here, since the model of the page does not hold it.
    private final ListChangeListener<Clip> onSelection = _ -> showSeveral();

    private Optional<MovingPicture> moving = Optional.empty();
    private Optional<Thumbnails.Wish> wish = Optional.empty();

    /**
     * @param useSettings makes use of how a clip was made
     * @param export writes a clip to one more place
     * @param reveal shows where a clip is
     */
    DetailsPanel(
            LibraryViewModel model,
            Thumbnails thumbnails,
            Messages messages,
            Consumer<GenerationRequest> useSettings,
            Consumer<Clip> export,
            Consumer<Clip> reveal) {
        this.model = model;
        this.thumbnails = thumbnails;
        this.messages = messages;
        this.words = new ClipWords(messages);
        this.useSettings = useSettings;
        this.export = export;
        this.reveal = reveal;
        getStyleClass().addAll("side-panel", "details-panel");
        setFitToWidth(true);
        setFocusTraversable(false);
        setHbarPolicy(ScrollBarPolicy.NEVER);
        compare = button("library.compare", MaterialDesignC.COMPARE, this::compare);
        compare.setMaxWidth(Double.MAX_VALUE);
        several.getStyleClass().add("facts");
        picture.setPreserveRatio(true);
        picture.setFitWidth(PICTURE_WIDTH);
        picture.setFitHeight(MOST_PICTURE_HEIGHT);
        content.getStyleClass().add("side-panel-content");
        setContent(content);
        model.detailedProperty().when(messages.spoken()).subscribe(_ -> show());
        model.selection().addListener(new WeakListChangeListener<>(onSelection));
    }

    /** Stops what plays. */
    void stop() {
        moving.ifPresent(MovingPicture::close);
        moving = Optional.empty();
        wish.ifPresent(Thumbnails.Wish::drop);
        wish = Optional.empty();
    }

    /** Plays the clip again after {@link #stop}. */
    void play() {
        stop();
        model.detailedProperty()
                .get()
                .ifPresent(clip -> {
                    wish =
                            Optional.of(
                                    thumbnails.of(clip.file(), clip.changed(), picture::setImage));
                    if (getScene() == null || !getScene().getPreferences().isReducedMotion()) {
                        moving = Optional.of(MovingPicture.of(clip.file(), picture::setImage));
                    }
                });
    }

    private void show() {
        Optional<Clip> clip = model.detailedProperty().get();
        setVisible(clip.isPresent());
        setManaged(clip.isPresent());
        picture.setImage(null);
        setVvalue(0);
        if (getScene() != null) {
            play();
        }
        clip.ifPresent(one ->
                content.getChildren().setAll(frame(), prompt(one), actions(one), facts(one)));
        showSeveral();
    }

    private Node frame() {
        var frame = new StackPane(picture);
        frame.getStyleClass().add("picture");
        frame.setOnMouseClicked(_ -> model.detailedProperty().get().ifPresent(model::watch));
        return frame;
    }

    private Node prompt(Clip clip) {
        var box = new VBox(text("library.prompt", words.title(clip)));
        box.getStyleClass().add("section");
        clip.request()
                .map(GenerationRequest::negative)
                .filter(words -> !words.isBlank())
                .ifPresent(words -> box.getChildren().add(text("library.negative", words)));
        return box;
    }

    /** Words that can be marked and copied. */
    private Node text(String nameKey, String words) {
        var name = new Label(messages.get(nameKey));
        var area = new TextArea(words);
        area.setEditable(false);
        area.setWrapText(true);
        area.getStyleClass().add("said");
        // About as high as what it says.
        area.setPrefRowCount(Math.clamp(words.length() / 34 + words.lines().count(), 1, 7));
        area.setAccessibleText(messages.get(nameKey));
        var field = new VBox(name, area);
        field.getStyleClass().add("field");
        return field;
    }

    private Node actions(Clip clip) {
        var buttons = new FlowPane();
        buttons.getStyleClass().add("buttons");
        buttons.getChildren()
                .addAll(
                        button(
                                "library.export",
                                MaterialDesignE.EXPORT_VARIANT,
                                () -> export.accept(clip)),
                        button(
                                "library.reveal",
                                MaterialDesignF.FOLDER_OUTLINE,
                                () -> reveal.accept(clip)),
                        button(
                                "library.delete",
                                MaterialDesignT.TRASH_CAN_OUTLINE,
                                () -> model.delete(model.chosen())));
        var box = new VBox(several, compare);
        box.getStyleClass().add("section");
        if (clip.request().isPresent()) {
            var button = new Button(messages.get("library.use"));
            button.getStyleClass().addAll(Styles.ACCENT, "main-action");
            button.setMaxWidth(Double.MAX_VALUE);
            button.setMnemonicParsing(true);
            button.setOnAction(_ -> clip.request().ifPresent(useSettings));
            box.getChildren().add(button);
        }
        box.getChildren().add(buttons);
        return box;
    }

    private void showSeveral() {
        int count = model.selection().size();
        several.setText(messages.get("library.selected", count));
        several.setVisible(count > 1);
        several.setManaged(count > 1);
        compare.setVisible(count == 2);
        compare.setManaged(count == 2);
    }

    private void compare() {
        model.compare(model.selection().getFirst(), model.selection().getLast());
    }

    private Button button(String key, Ikon icon, Runnable action) {
        var button = new Button(messages.get(key), new FontIcon(icon));
        button.setMnemonicParsing(true);
        button.setOnAction(_ -> action.run());
        return button;
    }

    private Node facts(Clip clip) {
        var grid = new GridPane();
        grid.getStyleClass().add("numbers");
        int row = 0;
        for (ClipWords.Fact fact : words.facts(clip)) {
            var name = new Label(fact.name());
            name.getStyleClass().add("name");
            name.setMinWidth(USE_PREF_SIZE);
            GridPane.setValignment(name, VPos.TOP);
            var value = new Label(fact.value());
            value.getStyleClass().add("value");
            value.setWrapText(true);
            value.setMinHeight(USE_PREF_SIZE);
            GridPane.setHgrow(value, Priority.ALWAYS);
            grid.addRow(row++, name, value);
        }
        return grid;
    }
}
