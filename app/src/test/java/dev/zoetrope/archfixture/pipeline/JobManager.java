package dev.zoetrope.archfixture.pipeline;

/** Does everything and is nothing. */
public final class JobManager {}
