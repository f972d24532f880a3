/** Where the person's files are, and how they choose one. */
@NullMarked
package dev.zoetrope.app.files;

import org.jspecify.annotations.NullMarked;
