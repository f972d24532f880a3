/** The few things JavaFX lacks: hand-overs between threads, and undoing what was subscribed to. */
@NullMarked
package dev.zoetrope.app.fx;

import org.jspecify.annotations.NullMarked;
