/** GPUs, and the libraries that models need to compute on them. */
@NullMarked
package dev.zoetrope.runtime.gpu;

import org.jspecify.annotations.NullMarked;
