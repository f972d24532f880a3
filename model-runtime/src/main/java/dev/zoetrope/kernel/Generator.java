package dev.zoetrope.kernel;

import ai.djl.pytorch.jni.IValue;

/** A stream of random numbers, from {@link Kernels#generator}; torch's own on the processor. */
public final class Generator implements AutoCloseable {
    private final IValue value;

    Generator(IValue value) {
        this.value = value;
    }

    IValue value() {
        return value;
    }

    @Override
    public void close() {
        value.close();
    }
}
