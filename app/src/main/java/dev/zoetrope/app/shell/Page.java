package dev.zoetrope.app.shell;

import javafx.event.EventHandler;
import javafx.scene.Parent;
import javafx.scene.input.KeyEvent;

import org.kordamp.ikonli.Ikon;

import java.util.function.Supplier;

/**
 * One of the places the navigation leads to.
 *
 * @param name one word
 * @param view asked for when the page is shown, so that a start makes no more than it shows; always
 *     gives the same
 * @param keys gets the keys that are pressed while the page is shown, before the control with the
 *     focus does; it consumes those it uses
 */
public record Page(
        String name, Ikon icon, Supplier<? extends Parent> view, EventHandler<KeyEvent> keys) {}
