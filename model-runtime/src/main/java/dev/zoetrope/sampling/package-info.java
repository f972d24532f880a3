/** Schedules, samplers and guidance; they know a {@link Denoiser}, never a model. */
@NullMarked
package dev.zoetrope.sampling;

import org.jspecify.annotations.NullMarked;
