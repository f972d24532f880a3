/** The door to everything Zoetrope can do: plain data in, plain data and events out. */
@NullMarked
package dev.zoetrope.runtime;

import org.jspecify.annotations.NullMarked;
