package dev.zoetrope.archfixture.app.player;

import dev.zoetrope.archfixture.app.reconstruct.UsesThePlayer;

/** A part that fits one page only. */
public record KnowsAPage(UsesThePlayer page) {}
