/** Which models there are, what they can do, and how they come and go. */
@NullMarked
package dev.zoetrope.app.models;

import org.jspecify.annotations.NullMarked;
