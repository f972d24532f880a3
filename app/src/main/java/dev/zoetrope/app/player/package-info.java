/** Plays an original and its reconstruction together; knows frames, not jobs. */
@NullMarked
package dev.zoetrope.app.player;

import org.jspecify.annotations.NullMarked;
