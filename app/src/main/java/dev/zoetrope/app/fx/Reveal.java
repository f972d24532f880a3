package dev.zoetrope.app.fx;

import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ScrollPane;

import org.jspecify.annotations.Nullable;

/** Scrolls to what gets the focus by the keyboard, which would otherwise not be seen. */
public final class Reveal {
    private static final double MARGIN = 16;

    private Reveal() {}

    /**
     * Keeps the control that the keyboard is at in the view of a pane. One that is clicked on stays
     * where it is, under the mouse.
     */
    public static void focused(ScrollPane pane) {
        pane.sceneProperty()
                .flatMap(Scene::focusOwnerProperty)
                .flatMap(Node::focusVisibleProperty)
                .subscribe(visible -> {
                    if (visible != null && visible) {
                        show(pane, pane.getScene().getFocusOwner());
                    }
                });
    }

    /** Brings what has just grown into the view of the pane that it is in. */
    public static void grown(Node node) {
        FxThread.LATER.execute(() -> {
            for (Node n = node; n != null; n = n.getParent()) {
                if (n instanceof ScrollPane pane) {
                    pane.applyCss();
                    pane.layout();
                    show(pane, node);
                }
            }
        });
    }

    private static void show(ScrollPane pane, @Nullable Node focused) {
        if (focused == null || !isInside(pane.getContent(), focused)) {
            return;
        }
        Bounds place =
                pane.getContent().sceneToLocal(focused.localToScene(focused.getLayoutBounds()));
        double view = pane.getViewportBounds().getHeight();
        double hidden = pane.getContent().getLayoutBounds().getHeight() - view;
        if (hidden <= 0) {
            return;
        }
        double top = pane.getVvalue() * hidden;
        double least = place.getMaxY() + MARGIN - view;
        double most = place.getMinY() - MARGIN;
        pane.setVvalue(Math.clamp(Math.min(Math.max(top, least), most) / hidden, 0, 1));
    }

    private static boolean isInside(Node content, Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (n.equals(content)) {
                return true;
            }
        }
        return false;
    }
}
