/** One class per task: the models, the media and the events of a whole job put together. */
@NullMarked
package dev.zoetrope.pipeline;

import org.jspecify.annotations.NullMarked;
