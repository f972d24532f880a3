/**
 * Diffusion transformers: noisy latents to what is wrong with them.
 *
 * <p>Shapes use these letters only: {@code B} clips, {@code C} channels, {@code T} latent frames,
 * {@code H} rows, {@code W} columns, {@code p} patch size, {@code h = H / p} and {@code w = W / p}
 * the patch grid, {@code N = T h w} tokens, {@code L} words of a prompt, {@code D} hidden width,
 * {@code d} width of a head.
 */
@NullMarked
package dev.zoetrope.model.denoiser;

import org.jspecify.annotations.NullMarked;
