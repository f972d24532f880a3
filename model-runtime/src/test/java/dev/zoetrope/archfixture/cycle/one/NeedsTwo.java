package dev.zoetrope.archfixture.cycle.one;

import dev.zoetrope.archfixture.cycle.two.NeedsOne;

import java.util.List;

/** Half of a cycle. */
public record NeedsTwo(List<NeedsOne> two) {}
