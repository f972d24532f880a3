package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.sampling.Denoiser;
import dev.zoetrope.sampling.Sampler;
import dev.zoetrope.sampling.SamplingRun;

import java.util.ArrayList;
import java.util.List;

/** The samples of a whole run. */
final class Trajectory {
    private Trajectory() {}

    /** What the run starts from, and the sample after each step. */
    static List<NDArray> of(
            NDManager manager, Sampler sampler, int steps, RecordedNoise noise, Denoiser model) {
        List<NDArray> samples = new ArrayList<>();
        try (SamplingRun run = sampler.start(manager, steps, noise.shape(), noise)) {
            samples.add(copy(run.sample(), manager));
            while (!run.isFinished()) {
                run.step(model);
                samples.add(copy(run.sample(), manager));
            }
        }
        return samples;
    }

    static NDArray copy(NDArray x, NDManager manager) {
        NDArray copy = Kernels.inference().copy(x);
        copy.attach(manager);
        return copy;
    }

    static NDArray stack(List<NDArray> samples) {
        return NDArrays.stack(new NDList(samples));
    }
}
