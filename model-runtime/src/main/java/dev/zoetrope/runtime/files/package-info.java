/** What several processes do to the same folders. */
@NullMarked
package dev.zoetrope.runtime.files;

import org.jspecify.annotations.NullMarked;
