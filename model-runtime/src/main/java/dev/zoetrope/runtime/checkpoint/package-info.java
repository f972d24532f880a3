/** What model is on disk and what it fits. */
@NullMarked
package dev.zoetrope.runtime.checkpoint;

import org.jspecify.annotations.NullMarked;
