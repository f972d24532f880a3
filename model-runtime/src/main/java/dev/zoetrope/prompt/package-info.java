/**
 * From what a person types to the token ids that an encoder reads: choices, weights, cleaning and
 * tokenizers. Text and numbers only; it knows no tensor and no model.
 */
@NullMarked
package dev.zoetrope.prompt;

import org.jspecify.annotations.NullMarked;
