/** What the window remembers between two starts. */
@NullMarked
package dev.zoetrope.app.settings;

import org.jspecify.annotations.NullMarked;
