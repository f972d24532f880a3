package dev.zoetrope.app.files;

import dev.zoetrope.app.text.Messages;

import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.DragEvent;
import javafx.scene.input.Dragboard;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes a file dropped anywhere on a page, and while something hangs over it says what a drop would
 * do, or why it would do nothing.
 */
public final class DropTarget extends StackPane {
    private static final PseudoClass REJECTING = PseudoClass.getPseudoClass("rejecting");

    private final Messages messages;
    private final String accept;
    private final String several;
    private final Label words = new Label();
    private final FontIcon icon = new FontIcon();

    /**
     * @param accept key of what is said of one file, by its name
     * @param several key of what is said of more
     */
    public DropTarget(Messages messages, String accept, String several) {
        this.messages = messages;
        this.accept = accept;
        this.several = several;
        getStyleClass().add("drop-target");
        setMouseTransparent(true);
        setVisible(false);
        words.getStyleClass().add("words");
        words.setWrapText(true);
        var content = new VBox(icon, words);
        content.setAlignment(Pos.CENTER);
        content.getStyleClass().add("content");
        getChildren().add(content);
    }

    /** Takes what is dropped on {@code page}. */
    public void watch(Node page, Consumer<Path> dropped) {
        page.addEventHandler(
                DragEvent.DRAG_OVER,
                event -> {
                    if (event.getGestureSource() != null) {
                        // On its way out of this window.
                        return;
                    }
                    Dragboard board = event.getDragboard();
                    show(board);
                    if (file(board).isPresent()) {
                        event.acceptTransferModes(TransferMode.COPY);
                    }
                    event.consume();
                });
        page.addEventHandler(DragEvent.DRAG_EXITED, _ -> setVisible(false));
        page.addEventHandler(
                DragEvent.DRAG_DROPPED,
                event -> {
                    setVisible(false);
                    Optional<Path> file = file(event.getDragboard());
                    file.ifPresent(dropped);
                    event.setDropCompleted(file.isPresent());
                    event.consume();
                });
    }

    /** What the person is told now; empty when nothing hangs over the page. */
    public String words() {
        return isVisible() ? words.getText() : "";
    }

    private void show(Dragboard board) {
        Optional<Path> file = file(board);
        String text;
        if (file.isPresent()) {
            text = messages.get(accept, String.valueOf(file.get().getFileName()));
        } else if (board.hasFiles()) {
            text = messages.get(several);
        } else {
            text = messages.get("drop.reject");
        }
        words.setText(text);
        icon.setIconCode(
                file.isPresent()
                        ? MaterialDesignT.TRAY_ARROW_DOWN
                        : MaterialDesignC.CLOSE_CIRCLE_OUTLINE);
        pseudoClassStateChanged(REJECTING, file.isEmpty());
        setVisible(true);
    }

    /** One file can be opened; a choice among several would be a guess. */
    private static Optional<Path> file(Dragboard board) {
        return board.hasFiles() && board.getFiles().size() == 1
                ? board.getFiles().stream().findFirst().map(File::toPath)
                : Optional.empty();
    }
}
