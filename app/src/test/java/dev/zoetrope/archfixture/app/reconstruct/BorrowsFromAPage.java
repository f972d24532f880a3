package dev.zoetrope.archfixture.app.reconstruct;

import dev.zoetrope.archfixture.app.generate.ShowsANodeViewModel;

/** One page that needs another. */
public record BorrowsFromAPage(ShowsANodeViewModel other) {}
