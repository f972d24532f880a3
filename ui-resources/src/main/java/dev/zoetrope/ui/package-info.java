/** What the window looks like and says: style sheets, fonts, the icon and the message bundles. */
@NullMarked
package dev.zoetrope.ui;

import org.jspecify.annotations.NullMarked;
