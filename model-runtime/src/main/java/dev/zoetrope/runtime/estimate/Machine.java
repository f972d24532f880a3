package dev.zoetrope.runtime.estimate;

import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Precision;

/**
 * What does the work, as far as its speed depends on it: what one has measured says nothing of
 * another.
 *
 * @param processor what its maker calls it
 * @param threads that a computation is spread over
 */
public record Machine(ComputeDevice device, String processor, int threads, Precision precision) {}
