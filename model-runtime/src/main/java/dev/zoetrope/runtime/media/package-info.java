/** Frames in and out of files. */
@NullMarked
package dev.zoetrope.runtime.media;

import org.jspecify.annotations.NullMarked;
