/** The studio window: where it starts and how it is put together. */
@NullMarked
package dev.zoetrope.app;

import org.jspecify.annotations.NullMarked;
