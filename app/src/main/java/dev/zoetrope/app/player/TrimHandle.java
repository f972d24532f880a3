package dev.zoetrope.app.player;

import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.css.PseudoClass;
import javafx.scene.AccessibleAction;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.layout.Region;

/** An end of the part that is played, to be dragged along the timeline; outside of that part. */
final class TrimHandle extends Region {
    static final double WIDTH = 12;
    static final double HEIGHT = 18;

    private static final PseudoClass MARKED = PseudoClass.getPseudoClass("marked");

    private final Transport transport;
    private final boolean begins;

    /**
     * @param name for screen readers
     * @param begins whether it is the end that comes first
     */
    TrimHandle(Transport transport, String name, boolean begins) {
        this.transport = transport;
        this.begins = begins;
        getStyleClass().addAll("trim-handle", begins ? "in" : "out");
        setCursor(Cursor.H_RESIZE);
        setAccessibleRole(AccessibleRole.SLIDER);
        setAccessibleText(name);
    }

    boolean begins() {
        return begins;
    }

    /** The frame that it marks, or {@link Transport#NONE}. */
    ReadOnlyIntegerProperty pointProperty() {
        return begins ? transport.inProperty() : transport.outProperty();
    }

    private boolean isMarked() {
        return pointProperty().get() != Transport.NONE;
    }

    /** The frame at this end of what is played. */
    int frame() {
        int end = begins ? 0 : transport.lengthProperty().get() - 1;
        return isMarked() ? pointProperty().get() : end;
    }

    /** Shows a frame, and marks it. */
    void moveTo(int frame) {
        if (begins) {
            transport.moveIn(frame);
        } else {
            transport.moveOut(frame);
        }
    }

    /** The point has been set or taken back. */
    void change() {
        pseudoClassStateChanged(MARKED, isMarked());
        notifyAccessibleAttributeChanged(AccessibleAttribute.VALUE);
    }

    @Override
    public Object queryAccessibleAttribute(AccessibleAttribute attribute, Object... parameters) {
        return switch (attribute) {
            case VALUE -> (double) frame();
            case MIN_VALUE -> 0.0;
            case MAX_VALUE -> Math.max(0.0, transport.availableProperty().get() - 1.0);
            default -> super.queryAccessibleAttribute(attribute, parameters);
        };
    }

    @Override
    public void executeAccessibleAction(AccessibleAction action, Object... parameters) {
        switch (action) {
            case INCREMENT -> moveTo(frame() + 1);
            case DECREMENT -> moveTo(frame() - 1);
            default -> super.executeAccessibleAction(action, parameters);
        }
    }
}
