/** The engine: a process that does the work of all windows and command lines of one user. */
@NullMarked
package dev.zoetrope.engine;

import org.jspecify.annotations.NullMarked;
