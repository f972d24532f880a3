/**
 * Text encoders: ids of words to what denoisers attend to.
 *
 * <p>Shapes use these letters only: {@code B} prompts, {@code L} words of a prompt, padding
 * included, {@code D} hidden width, {@code H} heads, {@code P} projected width.
 */
@NullMarked
package dev.zoetrope.model.encoder;

import org.jspecify.annotations.NullMarked;
