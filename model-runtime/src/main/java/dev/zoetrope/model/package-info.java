/** What all models share: their tensors under the checkpoint's own names. */
@NullMarked
package dev.zoetrope.model;

import org.jspecify.annotations.NullMarked;
