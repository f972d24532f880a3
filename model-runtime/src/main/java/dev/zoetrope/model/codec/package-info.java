/**
 * Video codecs: pixels to latents and back.
 *
 * <p>Shapes use these letters only: {@code B} clips, {@code C} channels, {@code T} frames, {@code
 * H} rows, {@code W} columns, {@code D} embedding width, {@code K} codes, {@code L} all latent
 * positions of a batch in (B, T, H, W) order.
 */
@NullMarked
package dev.zoetrope.model.codec;

import org.jspecify.annotations.NullMarked;
