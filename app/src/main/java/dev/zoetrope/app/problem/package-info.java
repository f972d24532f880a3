/** Problems in the person's words. */
@NullMarked
package dev.zoetrope.app.problem;

import org.jspecify.annotations.NullMarked;
