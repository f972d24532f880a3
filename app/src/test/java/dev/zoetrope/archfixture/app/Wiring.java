package dev.zoetrope.archfixture.app;

/** Stands for what puts the window together. */
public final class Wiring {}
