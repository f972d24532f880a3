/** The page that takes a video through a codec and back. */
@NullMarked
package dev.zoetrope.app.reconstruct;

import org.jspecify.annotations.NullMarked;
