package dev.zoetrope.app.train;

import dev.zoetrope.app.clip.MovingPicture;
import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.problem.Explanation;
import dev.zoetrope.app.text.Messages;

import javafx.animation.PauseTransition;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

import java.nio.file.Path;
import java.util.Optional;

/** An example and its caption; a video plays while the pointer rests on it. */
final class ExampleTile extends VBox {
    private static final PseudoClass LEFT_OUT = PseudoClass.getPseudoClass("left-out");
    private static final PseudoClass WORDLESS = PseudoClass.getPseudoClass("wordless");
    private static final Duration REST = Duration.millis(300);
    private static final double MILLIS = 1e3;

    private final DatasetViewModel model;
    private final Thumbnails thumbnails;
    private final Messages messages;
    private final ImageView picture = new ImageView();
    private final Label length = new Label();
    private final FontIcon broken = new FontIcon(MaterialDesignF.FILE_ALERT_OUTLINE);
    private final StackPane frame = new StackPane(picture, broken, length);
    private final Label caption = new Label();
    private final Label file = new Label();
    private final PauseTransition rest = new PauseTransition(REST);
    private Optional<Example> example = Optional.empty();
    private Optional<Image> still = Optional.empty();
    private Optional<Thumbnails.Wish> wish = Optional.empty();
    private Optional<MovingPicture> moving = Optional.empty();

    ExampleTile(DatasetViewModel model, Thumbnails thumbnails, Messages messages) {
        this.model = model;
        this.thumbnails = thumbnails;
        this.messages = messages;
        getStyleClass().add("example-tile");
        setAccessibleRole(AccessibleRole.LIST_ITEM);
        picture.setPreserveRatio(true);
        length.getStyleClass().add("length");
        StackPane.setAlignment(length, Pos.BOTTOM_RIGHT);
        frame.getStyleClass().add("picture");
        caption.getStyleClass().add("words");
        caption.setWrapText(true);
        caption.setAlignment(Pos.TOP_LEFT);
        caption.setMaxWidth(Double.MAX_VALUE);
        file.getStyleClass().add("file");
        getChildren().addAll(frame, caption, file);
        Tooltip.install(this, tooltip());
        addEventHandler(MouseEvent.MOUSE_ENTERED, _ -> rest.playFromStart());
        addEventHandler(MouseEvent.MOUSE_EXITED, _ -> stop());
        rest.setOnFinished(_ -> play());
    }

    /** All that has no room. */
    private Tooltip tooltip() {
        var tooltip = new Tooltip();
        tooltip.setWrapText(true);
        tooltip.setMaxWidth(420);
        tooltip.setOnShowing(_ -> tooltip.setText(example.map(this::everything).orElse("")));
        return tooltip;
    }

    private String everything(Example one) {
        String said = said(one);
        return one instanceof Example.OfFile of ? said + "\n" + of.clip().file() : said;
    }

    /**
     * @param width of the tile, pixels
     * @param height of its picture, pixels
     * @param lines height of the longest caption, pixels
     */
    void fit(double width, double height, double lines) {
        setMinWidth(width);
        setMaxWidth(width);
        setPrefWidth(width);
        frame.setMinHeight(height);
        frame.setMaxHeight(height);
        picture.setFitWidth(width);
        picture.setFitHeight(height);
        caption.setMaxHeight(lines);
    }

    /** Shows an example, or nothing. */
    void show(Optional<Example> other) {
        if (!example.equals(other)) {
            stop();
            wish.ifPresent(Thumbnails.Wish::drop);
            wish = Optional.empty();
            still = Optional.empty();
            picture.setImage(null);
            example = other;
            setVisible(other.isPresent());
            other.ifPresent(this::fill);
        }
        example.ifPresent(this::tell);
    }

    private void fill(Example one) {
        wish =
                Optional.of(
                        switch (one) {
                            case Example.OfFile(var clip, var changed) ->
                                    thumbnails.of(clip.file(), changed, this::arrived);
                            case Example.MadeUp(var source, var index, _) ->
                                    thumbnails.of(source, index, this::arrived);
                        });
        file.setText(
                switch (one) {
                    case Example.OfFile(var clip, _) -> name(clip.file());
                    case Example.MadeUp _ -> "";
                });
    }

    private void arrived(Image image) {
        still = Optional.of(image);
        picture.setImage(image);
    }

    /** Shows what is known of it by now. */
    private void tell(Example one) {
        Optional<Sight> sight = model.sight(one);
        boolean leftOut = sight.filter(Sight.LeftOut.class::isInstance).isPresent();
        pseudoClassStateChanged(LEFT_OUT, leftOut);
        pseudoClassStateChanged(WORDLESS, !leftOut && one.caption().isEmpty());
        broken.setVisible(leftOut);
        caption.setText(said(one));
        length.setText(
                sight.filter(Sight.Video.class::isInstance)
                        .map(Sight.Video.class::cast)
                        .map(video ->
                                messages.get(
                                        "train.set.seconds", video.length().toMillis() / MILLIS))
                        .orElse(""));
        length.setVisible(!length.getText().isEmpty());
        setAccessibleText(messages.get("train.set.tile", caption.getText(), file.getText()));
    }

    private String said(Example one) {
        if (one instanceof Example.OfFile(var clip, _)
                && model.sight(one).orElse(null) instanceof Sight.LeftOut(var problem)) {
            // The name alone leaves room for the reason.
            return Explanation.of(problem, messages)
                    .cause()
                    .replace(clip.file().toString(), name(clip.file()));
        }
        return one.caption().isEmpty() ? messages.get("train.set.nocaption") : one.caption();
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private void play() {
        if (example.orElse(null) instanceof Example.OfFile(var clip, _)
                && model.sight(example.get()).orElse(null) instanceof Sight.Video
                && !getScene().getPreferences().isReducedMotion()) {
            moving = Optional.of(MovingPicture.of(clip.file(), picture::setImage));
        }
    }

    /** Shows its first frame again. */
    void stop() {
        rest.stop();
        moving.ifPresent(some -> {
            some.close();
            picture.setImage(still.orElse(null));
        });
        moving = Optional.empty();
    }
}
