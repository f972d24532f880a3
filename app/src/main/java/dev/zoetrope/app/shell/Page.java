package dev.zoetrope.app.shell;

import javafx.event.EventHandler;
import javafx.scene.Parent;
import javafx.scene.input.KeyEvent;

import org.kordamp.ikonli.Ikon;

/**
 * One of the places the navigation leads to.
 *
 * @param name one word
 * @param keys gets the keys that are pressed while the page is shown, before the control with the
 *     focus does; it consumes those it uses
 */
public record Page(String name, Ikon icon, Parent view, EventHandler<KeyEvent> keys) {}
