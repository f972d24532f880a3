/** The rules of the packages, and the proof that each of them can fail. */
@NullMarked
package dev.zoetrope.architecture;

import org.jspecify.annotations.NullMarked;
