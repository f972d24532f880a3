/** Makes what people install, of what the build has made. */
@NullMarked
package dev.zoetrope.installers;

import org.jspecify.annotations.NullMarked;
