/** The window's sentences in the person's language. */
@NullMarked
package dev.zoetrope.app.text;

import org.jspecify.annotations.NullMarked;
