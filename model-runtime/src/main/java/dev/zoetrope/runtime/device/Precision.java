package dev.zoetrope.runtime.device;

/** The number format that models compute in. Codebook search and losses are always fp32. */
public enum Precision {
    /** 32-bit floats: equal to the reference within rounding, on every processor. */
    FP32,
    /** 16-bit floats of little range, for GPUs that have no bfloat16. */
    FP16,
    /**
     * bfloat16: half the memory, and faster where matrices of it are multiplied (AMX, GPUs since
     * Ampere).
     */
    BF16
}
