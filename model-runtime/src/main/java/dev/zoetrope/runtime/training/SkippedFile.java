package dev.zoetrope.runtime.training;

import dev.zoetrope.runtime.problem.Problem;

import java.nio.file.Path;

/** A file that no clip can be made of, and why. */
public record SkippedFile(Path file, Problem problem) {}
