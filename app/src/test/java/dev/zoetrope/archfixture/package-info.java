/** Classes that each break one rule of the architecture, laid out as the real packages are. */
@NullMarked
package dev.zoetrope.archfixture;

import org.jspecify.annotations.NullMarked;
