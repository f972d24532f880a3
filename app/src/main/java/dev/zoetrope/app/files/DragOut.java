package dev.zoetrope.app.files;

import javafx.scene.Node;
import javafx.scene.image.Image;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.Dragboard;
import javafx.scene.input.TransferMode;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Takes files along with the pointer, to the desktop or another program. */
public final class DragOut {
    private DragOut() {}

    /**
     * To be called while a drag is detected.
     *
     * @param picture of them under the pointer
     */
    public static void start(Node source, List<Path> files, Optional<Image> picture) {
        Dragboard board = source.startDragAndDrop(TransferMode.COPY);
        var content = new ClipboardContent();
        content.putFiles(files.stream().map(Path::toFile).toList());
        board.setContent(content);
        picture.ifPresent(board::setDragView);
    }
}
