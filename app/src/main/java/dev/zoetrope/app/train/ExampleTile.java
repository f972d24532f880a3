package dev.zoetrope.app.train;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.clip.Tile;
import dev.zoetrope.app.problem.Explanation;
import dev.zoetrope.app.text.Messages;

import javafx.beans.value.ObservableValue;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.image.Image;
import javafx.scene.layout.StackPane;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** An example and its caption. */
final class ExampleTile extends Tile<Example> {
    private static final PseudoClass LEFT_OUT = PseudoClass.getPseudoClass("left-out");
    private static final PseudoClass WORDLESS = PseudoClass.getPseudoClass("wordless");
    private static final double MILLIS = 1e3;

    private final DatasetViewModel model;
    private final Thumbnails thumbnails;
    private final Messages messages;
    private final Label length = new Label();
    private final FontIcon broken = new FontIcon(MaterialDesignF.FILE_ALERT_OUTLINE);
    private final Label caption = new Label();
    private final Label file = new Label();

    /**
     * @param lines height of the longest caption, pixels
     */
    ExampleTile(
            DatasetViewModel model,
            Thumbnails thumbnails,
            Messages messages,
            ObservableValue<Number> lines) {
        super(0);
        this.model = model;
        this.thumbnails = thumbnails;
        this.messages = messages;
        getStyleClass().add("example-tile");
        length.getStyleClass().add("length");
        StackPane.setAlignment(length, Pos.BOTTOM_RIGHT);
        cover(broken, length);
        caption.getStyleClass().add("words");
        caption.setWrapText(true);
        caption.setAlignment(Pos.TOP_LEFT);
        caption.setMaxWidth(Double.MAX_VALUE);
        caption.maxHeightProperty().bind(lines);
        file.getStyleClass().add("file");
        getChildren().addAll(caption, file);
        Tooltip.install(this, tooltip());
    }

    /** All that has no room. */
    private Tooltip tooltip() {
        var tooltip = new Tooltip();
        tooltip.setWrapText(true);
        tooltip.setMaxWidth(420);
        tooltip.setOnShowing(_ -> tooltip.setText(shown().map(this::everything).orElse("")));
        return tooltip;
    }

    private String everything(Example one) {
        String said = said(one);
        return one instanceof Example.OfFile of ? said + "\n" + of.clip().file() : said;
    }

    @Override
    protected Thumbnails.Wish fill(Example one, Consumer<Image> screen) {
        return switch (one) {
            case Example.OfFile(var clip, var changed) -> {
                file.setText(name(clip.file()));
                yield thumbnails.of(clip.file(), changed, screen);
            }
            case Example.MadeUp(var source, var index, _) -> {
                file.setText("");
                yield thumbnails.of(source, index, screen);
            }
        };
    }

    /** Shows what is known of it by now. */
    @Override
    protected void tell(Example one) {
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

    @Override
    protected Optional<Path> film(Example one) {
        return one instanceof Example.OfFile(var clip, _)
                        && model.sight(one).orElse(null) instanceof Sight.Video
                ? Optional.of(clip.file())
                : Optional.empty();
    }
}
