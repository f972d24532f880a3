/** The visible training loops. */
@NullMarked
package dev.zoetrope.train;

import org.jspecify.annotations.NullMarked;
