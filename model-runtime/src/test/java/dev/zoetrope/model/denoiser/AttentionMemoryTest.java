package dev.zoetrope.model.denoiser;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.device.ResidentMemory;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** No attention may hold a number for each two tokens, in any precision and under any mask. */
class AttentionMemoryTest {
    private static final int TOKENS = 4096;
    private static final int HEADS = 2;
    private static final int HIDDEN = 32;

    /** All logits are 128 MiB, or 64 in bfloat16; whatever else there is, less than 20. */
    private static final long BOUND_MIB = 48;

    private final NDManager manager = Kernels.newManager();
    private final ResidentMemory memory = ResidentMemory.ofThisProcess();

    @BeforeEach
    void theSystemTellsPeaks() {
        memory.resetPeak();
        assumeTrue(
                memory.peakMiB().orElse(Long.MAX_VALUE) <= memory.nowMiB().orElse(0) + 8,
                "this system does not tell how much memory was needed at once");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @CsvSource({
        "FP32, false, MAR_05",
        "BF16, false, MAR_05",
        "FP32, true, MAR_05",
        "BF16, true, MAR_05",
        "FP32, true, MAR_09",
        "BF16, true, MAR_09"
    })
    void aBlockNeverHoldsAllPairsOfTokens(
            Precision precision, boolean padded, VideoDitConfig.Variant variant) {
        VideoDitConfig config = config(variant);
        Kernels k = Kernels.inference();
        Parameters weights = weights(config);
        VideoDit model =
                new VideoDit(
                        config, VideoDit.prepare(weights, k, precision, manager), k, precision);
        NDArray x = k.cast(normal(1, TOKENS, HIDDEN), precision);
        NDArray c = model.condition(manager.create(new float[] {500}), null);
        NDArray mask = padded ? mask() : null;
        needsLittle(() -> model.block(x, c, null, mask, "blocks.0"));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void neitherDoGradients(Precision precision) {
        Kernels k = Kernels.autograd();
        NDArray q = k.copy(normal(1, TOKENS, HIDDEN));
        q.setRequiresGradient(true);
        NDArray half = k.cast(q, precision);
        NDArray bias = k.cast(k.keyBias(mask(), -10_000), precision);
        NDArray target = k.copy(manager.zeros(q.getShape()));
        needsLittle(() -> {
            NDArray y = k.attention(half, half, half, bias, HEADS, 0.25);
            NDArray loss = k.mseLoss(k.cast(y, Precision.FP32), target);
            return k.gradients(loss, List.of(q)).getFirst();
        });
    }

    private interface Work {
        NDArray run();
    }

    private void needsLittle(Work work) {
        memory.resetPeak();
        long before = memory.nowMiB().orElseThrow();
        work.run();
        long needed = memory.peakMiB().orElseThrow() - before;
        assertTrue(needed < BOUND_MIB, () -> "needed %d MiB".formatted(needed));
    }

    private NDArray mask() {
        NDArray mask = manager.zeros(new Shape(1, TOKENS));
        mask.set(new NDIndex(":, :{}", TOKENS / 2), 1);
        return mask;
    }

    private static VideoDitConfig config(VideoDitConfig.Variant variant) {
        boolean stores = variant == VideoDitConfig.Variant.MAR_09;
        List<Integer> size = stores ? List.of(32, 32) : List.of(8, 32, 32);
        @Nullable Integer frames = stores ? 8 : null;
        return new VideoDitConfig(
                size, 1, 1, 4, HIDDEN, 1, HEADS, 4.0, frames, 1, true, 2, null, null, false);
    }

    private Parameters weights(VideoDitConfig config) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        config.parameters().forEach((key, shape) -> arrays.put(key, normal(shape.getShape())));
        return new Parameters(arrays);
    }

    private NDArray normal(long... shape) {
        return manager.randomNormal(0, 0.1f, new Shape(shape), DataType.FLOAT32);
    }
}
