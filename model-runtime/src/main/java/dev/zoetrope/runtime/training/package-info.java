/** Fitting a model to clips. */
@NullMarked
package dev.zoetrope.runtime.training;

import org.jspecify.annotations.NullMarked;
