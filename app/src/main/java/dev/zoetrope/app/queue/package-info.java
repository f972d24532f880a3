/** The jobs of the engine, and what a person does with them. */
@NullMarked
package dev.zoetrope.app.queue;

import org.jspecify.annotations.NullMarked;
