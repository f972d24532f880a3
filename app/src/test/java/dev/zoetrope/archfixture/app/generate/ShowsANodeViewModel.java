package dev.zoetrope.archfixture.app.generate;

import javafx.scene.Node;

/** A view model that cannot be tested without a window. */
public record ShowsANodeViewModel(Node node) {}
