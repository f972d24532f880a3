package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.media.FrameSize;
import dev.zoetrope.train.ConditionMask;

import java.util.List;

/** Masks by kind, what they leave of a clip, and masks of latents. */
final class InpaintMaskGolden {
    private static final double ATOL = 1e-6;
    private static final int FRAME_STRIDE = 4;
    private static final int STRIDE = 8;

    private InpaintMaskGolden() {}

    static void run(GoldenCase golden) {
        Kernels k = Kernels.inference();
        NDArray pixels = golden.input("pixel_values"); // (T, 3, H, W)
        Shape shape = pixels.getShape();
        FrameSize size = new FrameSize((int) shape.get(2), (int) shape.get(3));
        for (String key : List.copyOf(golden.outputs())) {
            String kind = key.substring(0, key.indexOf('.'));
            NDArray mask =
                    kind.equals("random")
                            ? golden.input("random_mask") // (1, 1, T, H, W)
                            : mask(kind, (int) shape.get(0)).pixels(golden.manager(), size);
            switch (key.substring(key.indexOf('.') + 1)) {
                case "mask" -> golden.close(key, mask, 0, 0);
                case "masked_mean" ->
                        golden.close(
                                key,
                                k.keepGiven(pixels, mask).flatten(1, 3).mean(new int[] {1}),
                                ATOL,
                                ATOL);
                case "compressed" -> {
                    NDArray clip = mask.reshape(1, 1, shape.get(0), shape.get(2), shape.get(3));
                    golden.close(key, k.compressMask(clip, FRAME_STRIDE, STRIDE), 0, ATOL);
                }
                default -> throw new AssertionError("an output of a new kind: " + key);
            }
        }
    }

    private static ConditionMask mask(String kind, int frames) {
        return switch (kind) {
            case "t2iv" -> ConditionMask.nothing(frames);
            case "i2v" -> ConditionMask.first(frames);
            case "transition" -> ConditionMask.ends(frames);
            case "continuation" -> ConditionMask.beginning(frames, frames / 2);
            case "clear" -> ConditionMask.everything(frames);
            default -> throw new AssertionError("a mask of a new kind: " + kind);
        };
    }
}
