package dev.zoetrope.app.train;

import dev.zoetrope.runtime.problem.Problem;

import java.time.Duration;

/** What a look into a file has shown. */
public sealed interface Sight {
    record Picture() implements Sight {}

    record Video(Duration length) implements Sight {}

    /** No clip can be made of it, so a training passes it over. */
    record LeftOut(Problem problem) implements Sight {}
}
