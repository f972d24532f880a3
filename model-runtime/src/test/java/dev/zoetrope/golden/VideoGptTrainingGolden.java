package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.VideoGptVqVae.Norms;
import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.train.CodebookDraws;
import dev.zoetrope.train.CodecObjective;
import dev.zoetrope.train.Restarts;
import dev.zoetrope.weights.WeightFile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Two training passes without an optimiser step: losses, gradients, norms and codebook. */
final class VideoGptTrainingGolden {
    private static final double RTOL = 2e-4;
    private static final double ATOL = 2e-5;

    private VideoGptTrainingGolden() {}

    static void run(GoldenCase golden) {
        Kernels k = Kernels.autograd();
        VideoGptVqVaeConfig config = golden.config(VideoGptVqVaeConfig.class);
        Parameters weights =
                Parameters.load(
                                golden.manager(),
                                WeightFile.open(golden.file("weights.safetensors")),
                                "VideoGptVqVae",
                                config.parameters())
                        .map((key, array) -> k.copy(array));
        List<String> keys =
                config.parameters().keySet().stream().filter(CodecObjective::isTrainable).toList();
        List<NDArray> trainable = keys.stream().map(weights::get).toList();
        trainable.forEach(array -> array.setRequiresGradient(true));
        CodecObjective objective =
                new CodecObjective(config, weights, Precision.FP32, 0, Restarts.REFERENCE);
        Recorded draws = new Recorded(golden);

        for (int step = 0; golden.hasOutput("step" + step + ".loss"); step++) {
            String at = "step" + step + ".";
            NDArray x = k.copy(golden.input("x" + (step + 1)));
            CodecObjective.Pass pass = objective.quantized(x, Norms.BATCH, step == 0, draws);
            floats(golden, at + "recon_loss", pass.reconstructionLoss());
            floats(golden, at + "commitment_loss", pass.commitmentLoss());
            floats(golden, at + "perplexity", pass.perplexity());
            floats(golden, at + "loss", pass.total());
            golden.equal(at + "codes", pass.codes());
            floats(golden, at + "x_recon", pass.reconstruction().stopGradient());
            List<NDArray> gradients = k.gradients(pass.total(), trainable);
            for (int i = 0; i < keys.size(); i++) {
                if (golden.hasOutput(at + "grad." + keys.get(i))) {
                    floats(golden, at + "grad." + keys.get(i), gradients.get(i));
                }
            }
            for (String key : config.parameters().keySet()) {
                if (key.startsWith("codebook.")) {
                    floats(golden, at + key, weights.get(key));
                } else if (key.endsWith("num_batches_tracked")
                        && golden.hasOutput(at + "buf." + key)) {
                    golden.equal(at + "buf." + key, weights.get(key));
                } else if (golden.hasOutput(at + "buf." + key)) {
                    floats(golden, at + "buf." + key, weights.get(key));
                }
            }
        }
        draws.allWereMade();
    }

    private static void floats(GoldenCase golden, String key, NDArray actual) {
        golden.close(key, actual, RTOL, ATOL);
    }

    /** The reference's own random choices, in the order it made them. */
    private static final class Recorded implements CodebookDraws {
        private final GoldenCase golden;
        private final List<String> left = new ArrayList<>();

        Recorded(GoldenCase golden) {
            this.golden = golden;
            for (String kind : List.of("perm", "noise")) {
                for (int i = 0; golden.hasInput(kind + i); i++) {
                    left.add(kind + i);
                }
            }
        }

        @Override
        public long[] rows(int n, int count) {
            return Arrays.copyOf(next("perm").toLongArray(), count);
        }

        @Override
        public float[] noise(int n) {
            return next("noise").toFloatArray();
        }

        private NDArray next(String kind) {
            String key = left.stream().filter(k -> k.startsWith(kind)).findFirst().orElseThrow();
            left.remove(key);
            return golden.input(key);
        }

        void allWereMade() {
            if (!left.isEmpty()) {
                throw new AssertionError("random draws the reference made and we did not: " + left);
            }
        }
    }
}
