package dev.zoetrope.archfixture.app.reconstruct;

import dev.zoetrope.archfixture.app.player.KnowsAPage;

import java.util.List;

/** A page may use a part, which here uses the page in turn. */
public record UsesThePlayer(List<KnowsAPage> player) {}
