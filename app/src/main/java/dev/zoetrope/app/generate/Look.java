package dev.zoetrope.app.generate;

import dev.zoetrope.app.player.Film;

import java.util.OptionalInt;

/**
 * What a clip looked like on its way.
 *
 * @param step of the sampler; empty for the finished clip
 */
public record Look(OptionalInt step, Film film) {}
