/**
 * Readers of weight files: safetensors and torch pickles, without running anything they contain.
 */
@NullMarked
package dev.zoetrope.weights;

import org.jspecify.annotations.NullMarked;
