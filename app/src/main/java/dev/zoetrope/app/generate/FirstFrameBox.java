package dev.zoetrope.app.generate;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.files.DropTarget;
import dev.zoetrope.app.files.FileDialogs;
import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.fx.Hints;
import dev.zoetrope.app.text.Messages;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Rectangle;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignI;

import java.nio.file.Path;
import java.util.Optional;

/** What the clip is to begin with: a place to drop a picture, or the picture that was dropped. */
final class FirstFrameBox extends VBox {
    private static final double PICTURE_WIDTH = 96;
    private static final double PICTURE_HEIGHT = 60;

    private final GenerateViewModel model;
    private final Messages messages;
    private final Thumbnails thumbnails;
    private final ImageView picture = new ImageView();
    private final FontIcon icon = new FontIcon(MaterialDesignI.IMAGE_PLUS);
    private final Label words = new Label();
    private final Button choose = new Button();
    private final Button remove = new Button();
    private Optional<Thumbnails.Wish> wish = Optional.empty();

    FirstFrameBox(
            GenerateViewModel model,
            Messages messages,
            Thumbnails thumbnails,
            FileDialogs dialogs) {
        this.model = model;
        this.messages = messages;
        this.thumbnails = thumbnails;
        getStyleClass().addAll("first-frame", "field");
        var name = new Label(messages.get("generate.frame"));
        name.setMnemonicParsing(true);
        name.setLabelFor(choose);

        picture.setPreserveRatio(true);
        var mask = new Rectangle(PICTURE_WIDTH, PICTURE_HEIGHT);
        mask.setArcWidth(8);
        mask.setArcHeight(8);
        var frame = new StackPane(icon, picture);
        frame.getStyleClass().add("picture");
        frame.setMinSize(PICTURE_WIDTH, PICTURE_HEIGHT);
        frame.setMaxSize(PICTURE_WIDTH, PICTURE_HEIGHT);
        frame.setClip(mask);

        words.setWrapText(true);
        words.getStyleClass().add("words");
        words.setMinHeight(USE_PREF_SIZE);
        choose.getStyleClass().add("quiet");
        choose.setMnemonicParsing(true);
        choose.setOnAction(_ -> dialogs.open(folder()).ifPresent(model::beginWith));
        Buttons.icon(remove, MaterialDesignC.CLOSE, messages.get("generate.frame.remove"));
        remove.setOnAction(_ -> {
            model.beginWithNothing();
            choose.requestFocus();
        });
        var said = new VBox(words, choose);
        said.getStyleClass().add("said");
        said.setAlignment(Pos.CENTER_LEFT);
        said.setMinWidth(0);
        HBox.setHgrow(said, Priority.ALWAYS);
        var content = new HBox(frame, said, remove);
        content.getStyleClass().add("content");
        content.setAlignment(Pos.CENTER_LEFT);
        var drop = new DropTarget(messages, "generate.frame.drop", "generate.frame.drop.several");
        // It covers what is there, however little room that takes.
        drop.setMinSize(0, 0);
        drop.setPrefSize(0, 0);
        var box = new StackPane(content, drop);
        box.getStyleClass().add("box");
        drop.watch(box, model::beginWith);
        getChildren().addAll(name, box);

        model.firstFrameProperty().when(messages.spoken()).subscribe(this::show);
    }

    private Optional<Path> folder() {
        return model.firstFrameProperty()
                .get()
                .map(frame -> frame.file().toAbsolutePath().getParent());
    }

    private void show(Optional<FirstFrame> chosen) {
        boolean there = chosen.filter(FirstFrame::isThere).isPresent();
        words.setText(
                chosen.map(frame ->
                                there
                                        ? name(frame.file())
                                        : messages.get(
                                                "generate.frame.missing", name(frame.file())))
                        .orElseGet(() -> messages.get("generate.frame.hint")));
        Hints.on(words, chosen.map(frame -> frame.file().toString()).orElse(""));
        choose.setText(messages.get(there ? "generate.frame.other" : "generate.frame.choose"));
        remove.setVisible(chosen.isPresent());
        wish.ifPresent(Thumbnails.Wish::drop);
        picture.setImage(null);
        wish =
                chosen.flatMap(frame ->
                        frame.changed().map(at -> thumbnails.of(frame.file(), at, this::show)));
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** It fills the frame, whatever its shape. */
    private void show(Image image) {
        boolean wide = image.getWidth() / image.getHeight() > PICTURE_WIDTH / PICTURE_HEIGHT;
        picture.setFitHeight(wide ? PICTURE_HEIGHT : 0);
        picture.setFitWidth(wide ? 0 : PICTURE_WIDTH);
        picture.setImage(image);
    }
}
