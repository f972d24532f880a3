package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.media.FrameSize;
import dev.zoetrope.train.Framing;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One clip through the transforms of v1.1 and v1.3, which outputs are named after. */
final class ResizeCropGolden {
    private static final Pattern TRANSFORM =
            Pattern.compile("(v1[13])\\.([a-z_]+?)_?(\\d+)(?:x(\\d+))?(_skip)?");
    private static final double ATOL = 1e-5;

    private final GoldenCase golden;
    private final Kernels k = Kernels.inference();
    private final NDArray clip;

    private ResizeCropGolden(GoldenCase golden) {
        this.golden = golden;
        NDArray rgb = golden.input("clip_u8").transpose(0, 2, 3, 1); // (T, H, W, 3)
        this.clip = k.pixelsFromBytes(rgb, 1 / 255.0, 0).get(0); // (3, T, H, W)
    }

    static void run(GoldenCase golden) {
        ResizeCropGolden test = new ResizeCropGolden(golden);
        for (String key : List.copyOf(golden.outputs())) {
            test.compare(key);
        }
    }

    private void compare(String key) {
        NDArray frames = key.equals("to_tensor") ? clip : transformed(key);
        golden.close(key, frames.transpose(1, 0, 2, 3), 0, ATOL);
    }

    private NDArray transformed(String key) {
        Matcher name = TRANSFORM.matcher(key);
        if (!name.matches()) {
            throw new AssertionError("an output of a new kind: " + key);
        }
        boolean older = name.group(1).equals("v11");
        int size = Integer.parseInt(name.group(3));
        int width = name.group(4) == null ? size : Integer.parseInt(name.group(4));
        FrameSize both = new FrameSize(size, width);
        boolean skips = name.group(5) != null;
        return switch (name.group(2)) {
            case "centercrop_resize" -> new Framing.CentreCrop(both).apply(clip, k);
            case "longside" ->
                    (older
                                    ? new Framing.LongSideResize(size, skips)
                                    : new Framing.BoxResize(both, skips))
                            .apply(clip, k);
            case "maxhw" -> new Framing.AreaResize(size).apply(clip, k);
            case "stridecrop" ->
                    // Each release crops what its own resize of variable shapes leaves.
                    new Framing.StrideCrop(size, !older)
                            .apply(
                                    transformed(only(older ? "v11.longside\\d+" : "v13.maxhw\\d+")),
                                    k);
            default -> throw new AssertionError("an output of a new kind: " + key);
        };
    }

    private String only(String name) {
        return golden.outputs().stream().filter(key -> key.matches(name)).findFirst().orElseThrow();
    }
}
