package dev.zoetrope.archfixture.pipeline;

import ai.djl.ndarray.types.DataType;

/** Would end the process as soon as an array were made of it. */
public final class NamesBfloat16 {
    public DataType type() {
        return DataType.BFLOAT16;
    }
}
