/** What a clip says of how it was made. */
@NullMarked
package dev.zoetrope.runtime.recipe;

import org.jspecify.annotations.NullMarked;
