package dev.zoetrope.archfixture.app.fx;

import dev.zoetrope.archfixture.app.Wiring;

/** Fetches its collaborators instead of being given them. */
public record KnowsTheWiring(Wiring wiring) {}
