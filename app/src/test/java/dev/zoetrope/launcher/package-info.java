/** The shell scripts around the build, run against folders that pose as a machine. */
@NullMarked
package dev.zoetrope.launcher;

import org.jspecify.annotations.NullMarked;
