/** A video through a codec and back. */
@NullMarked
package dev.zoetrope.runtime.reconstruction;

import org.jspecify.annotations.NullMarked;
