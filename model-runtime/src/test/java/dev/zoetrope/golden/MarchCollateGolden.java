package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.train.Framing;
import dev.zoetrope.train.PaddedBatch;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** Clips of several lengths and shapes, scaled, and padded to one batch for several codecs. */
final class MarchCollateGolden {
    private static final Pattern COLLATED =
            Pattern.compile("collate\\[vae(\\d+),p(\\d+),pt(\\d+)]\\.(.*)");
    private static final double ATOL = 1e-6;

    private MarchCollateGolden() {}

    static void run(GoldenCase golden) {
        Kernels k = Kernels.inference();
        Framing framing = new Framing.LongSideScale(golden.config(Config.class).maxImageSize);
        List<NDArray> clips = new ArrayList<>();
        for (int i = 0; golden.hasInput("raw" + i); i++) {
            NDArray rgb = golden.input("raw" + i).transpose(1, 2, 3, 0); // (T, H, W, 3)
            NDArray pixels = k.pixelsFromBytes(rgb, 1 / 255.0, -0.5).get(0); // (3, T, H, W)
            clips.add(framing.apply(pixels, k));
            golden.close("scaled" + i, clips.getLast(), 0, ATOL);
        }
        for (String key : List.copyOf(golden.outputs())) {
            Matcher collated = COLLATED.matcher(key);
            if (collated.matches()) {
                int stride = Integer.parseInt(collated.group(1));
                int size = stride * Integer.parseInt(collated.group(2));
                // The reference counts frames in a codec's rows too.
                int frames = stride * Integer.parseInt(collated.group(3));
                PaddedBatch batch = PaddedBatch.of(clips, frames, size);
                switch (collated.group(4)) {
                    case "video" -> golden.close(key, batch.pixels(), 0, ATOL);
                    case "attention_mask" -> golden.close(key, batch.mask(), 0, 0);
                    case "labels" ->
                            // Clips were numbered, and keep their order.
                            golden.equal(key, LongStream.range(0, clips.size()).toArray());
                    default -> throw new AssertionError("an output of a new kind: " + key);
                }
            }
        }
    }

    private record Config(@JsonProperty("max_image_size") int maxImageSize) {}
}
