/** Clips as small pictures. */
@NullMarked
package dev.zoetrope.app.clip;

import org.jspecify.annotations.NullMarked;
