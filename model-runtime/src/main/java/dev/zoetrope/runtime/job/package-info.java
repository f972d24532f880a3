/** Work that takes time: its states, its cancellation, its queue. */
@NullMarked
package dev.zoetrope.runtime.job;

import org.jspecify.annotations.NullMarked;
