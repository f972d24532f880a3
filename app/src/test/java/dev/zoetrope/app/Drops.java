package dev.zoetrope.app;

import com.sun.javafx.tk.TKClipboard;

import javafx.event.Event;
import javafx.event.EventType;
import javafx.scene.Node;
import javafx.scene.input.DataFormat;
import javafx.scene.input.DragEvent;
import javafx.scene.input.Dragboard;
import javafx.scene.input.TransferMode;

import java.io.File;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** Drags from outside the window, which the headless platform does not have. */
final class Drops {
    private Drops() {}

    static Dragboard files(List<File> files) {
        return dragboard(Map.of(DataFormat.FILES, files));
    }

    static Dragboard text(String text) {
        return dragboard(Map.of(DataFormat.PLAIN_TEXT, text));
    }

    /**
     * Sends one event of a drag to a node.
     *
     * @return whether the node would take what is dragged
     */
    static boolean send(EventType<DragEvent> type, Node node, Dragboard content) {
        var event =
                new DragEvent(
                        null, node, type, content, 0, 0, 0, 0, TransferMode.COPY, null, null, null);
        Event.fireEvent(node, event);
        return event.isAccepted();
    }

    /** There is no public way to make one. */
    private static Dragboard dragboard(Map<DataFormat, Object> content) {
        var clipboard =
                (TKClipboard)
                        Proxy.newProxyInstance(
                                TKClipboard.class.getClassLoader(),
                                new Class<?>[] {TKClipboard.class},
                                (self, method, arguments) ->
                                        switch (method.getName()) {
                                            case "getTransferModes" ->
                                                    EnumSet.of(TransferMode.COPY);
                                            case "getContentTypes" -> content.keySet();
                                            case "hasContent" -> content.containsKey(arguments[0]);
                                            case "getContent" -> content.get(arguments[0]);
                                            case "getDragViewOffsetX", "getDragViewOffsetY" -> 0.0;
                                            case "putContent" -> false;
                                            default -> null;
                                        });
        try {
            Method make = Dragboard.class.getDeclaredMethod("createDragboard", TKClipboard.class);
            make.setAccessible(true);
            return (Dragboard) make.invoke(null, clipboard);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JavaFX makes its dragboards otherwise", e);
        }
    }
}
