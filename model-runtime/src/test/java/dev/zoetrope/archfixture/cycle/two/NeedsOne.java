package dev.zoetrope.archfixture.cycle.two;

import dev.zoetrope.archfixture.cycle.one.NeedsTwo;

import java.util.List;

/** The other half. */
public record NeedsOne(List<NeedsTwo> one) {}
