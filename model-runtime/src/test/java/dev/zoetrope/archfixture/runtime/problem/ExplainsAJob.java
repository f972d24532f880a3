package dev.zoetrope.archfixture.runtime.problem;

import dev.zoetrope.archfixture.runtime.job.KnowsFrames;

/** A problem that cannot be told without the job. */
public record ExplainsAJob(KnowsFrames job) {}
