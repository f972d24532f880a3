package dev.zoetrope.archfixture.app.generate;

import dev.zoetrope.archfixture.pipeline.JobManager;

/** A page that only works with the runtime of its own process. */
public record OpensTheRuntime(JobManager runtime) {}
