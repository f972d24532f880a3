/** Everything that was made, and how. */
@NullMarked
package dev.zoetrope.app.library;

import org.jspecify.annotations.NullMarked;
