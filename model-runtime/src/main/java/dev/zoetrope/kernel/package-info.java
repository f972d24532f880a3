/** The typed face of the TorchScript kernels; the only code that names DJL's data types. */
@NullMarked
package dev.zoetrope.kernel;

import org.jspecify.annotations.NullMarked;
