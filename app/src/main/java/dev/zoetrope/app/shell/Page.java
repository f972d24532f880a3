package dev.zoetrope.app.shell;

import javafx.scene.Parent;

import org.kordamp.ikonli.Ikon;

/**
 * One of the places the navigation leads to.
 *
 * @param name one word
 */
public record Page(String name, Ikon icon, Parent view) {}
