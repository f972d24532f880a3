/** The command line. */
@NullMarked
package dev.zoetrope.cli;

import org.jspecify.annotations.NullMarked;
