/** The page that fits a model to clips. */
@NullMarked
package dev.zoetrope.app.train;

import org.jspecify.annotations.NullMarked;
