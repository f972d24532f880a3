/**
 * Paper theatre: endless little films of one cut-out silhouette moving over simple scenery, made
 * from a number, each with a caption that says what happens.
 */
@NullMarked
package dev.zoetrope.samples.papertheatre;

import org.jspecify.annotations.NullMarked;
