/** What forms are made of. */
@NullMarked
package dev.zoetrope.app.form;

import org.jspecify.annotations.NullMarked;
