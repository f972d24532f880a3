/** What can go wrong and be explained. */
@NullMarked
package dev.zoetrope.runtime.problem;

import org.jspecify.annotations.NullMarked;
