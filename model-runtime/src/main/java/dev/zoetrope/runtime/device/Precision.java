package dev.zoetrope.runtime.device;

/** The number format that models compute in. Codebook search and losses are always fp32. */
public enum Precision {
    /** 32-bit floats: equal to the reference within rounding, on every processor. */
    FP32,
    /**
     * bfloat16: half the memory, and faster where the processor multiplies matrices of it (AMX).
     */
    BF16
}
