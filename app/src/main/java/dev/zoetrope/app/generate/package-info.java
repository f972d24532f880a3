/** The page that makes a clip from words. */
@NullMarked
package dev.zoetrope.app.generate;

import org.jspecify.annotations.NullMarked;
