/** Clips from prompts: what can be asked for, what will be done, and what is told on the way. */
@NullMarked
package dev.zoetrope.runtime.generation;

import org.jspecify.annotations.NullMarked;
