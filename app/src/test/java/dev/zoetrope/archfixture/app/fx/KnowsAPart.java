package dev.zoetrope.archfixture.app.fx;

import dev.zoetrope.archfixture.app.player.KnowsAPage;

/** A verb that fits one part only. */
public record KnowsAPart(KnowsAPage part) {}
