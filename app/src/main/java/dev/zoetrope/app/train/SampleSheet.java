package dev.zoetrope.app.train;

import java.nio.file.Path;

/** A picture of what the model of a step makes. */
public record SampleSheet(Subject subject, long step, Path file) {}
