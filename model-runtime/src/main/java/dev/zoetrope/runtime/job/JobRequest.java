package dev.zoetrope.runtime.job;

/**
 * Everything that determines a job: a record of plain data, so that it can be kept on disk, sent to
 * another process, and done again.
 */
public interface JobRequest {}
