package dev.zoetrope.archfixture.runtime;

import javafx.beans.property.DoubleProperty;

/** Progress that only a window can read. */
public record DrawsItself(DoubleProperty progress) {}
