/**
 * Reads safetensors, torch pickles and ONNX initializers, without loading their tensors or running
 * anything they contain, and writes safetensors.
 */
@NullMarked
package dev.zoetrope.weights;

import org.jspecify.annotations.NullMarked;
