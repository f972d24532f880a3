/** What work will take before it begins: time, memory and disk, learned on this machine. */
@NullMarked
package dev.zoetrope.runtime.estimate;

import org.jspecify.annotations.NullMarked;
