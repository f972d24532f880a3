/** The frame around the pages: menus, navigation, theme and status. */
@NullMarked
package dev.zoetrope.app.shell;

import org.jspecify.annotations.NullMarked;
