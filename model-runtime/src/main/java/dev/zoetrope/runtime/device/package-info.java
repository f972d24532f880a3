/** Where and how precisely models compute. */
@NullMarked
package dev.zoetrope.runtime.device;

import org.jspecify.annotations.NullMarked;
