/** The small models that come with Zoetrope. */
@NullMarked
package dev.zoetrope.samples.starter;

import org.jspecify.annotations.NullMarked;
