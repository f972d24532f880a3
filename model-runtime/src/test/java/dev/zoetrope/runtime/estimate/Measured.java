package dev.zoetrope.runtime.estimate;

import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Precision;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Work of known cost, measured by a clock that is off. */
public final class Measured {
    static final Machine MACHINE = new Machine(ComputeDevice.CPU, "a processor", 8, Precision.FP32);

    /** What sampling costs on it. */
    static final List<Double> RATES = List.of(5e-9, 4e-5, 8e-12, 6e-11);

    private final SplittableRandom random = new SplittableRandom(3);
    private final double noise;

    /**
     * @param noise standard deviation of a cost's logarithm
     */
    public Measured(double noise) {
        this.noise = noise;
    }

    /** Sampling of some size by some model. */
    Work sampling(String component) {
        double evaluations = 1 + random.nextInt(60);
        double tokens = Math.pow(2, random.nextDouble(2, 13));
        return Work.of(
                Work.Kind.SAMPLING,
                component,
                4e7,
                evaluations * 300,
                evaluations * tokens * 1e8,
                evaluations * tokens * tokens * 1e5);
    }

    static double cost(Work work) {
        double sum = 0;
        for (int i = 0; i < RATES.size(); i++) {
            sum += RATES.get(i) * work.counts().get(i);
        }
        return sum;
    }

    double clocked(Work work) {
        return cost(work) * Math.exp(noise * random.nextGaussian());
    }

    /** One a second. */
    public List<Observation> observations(String component, int count) {
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Work work = sampling(component);
            observations.add(new Observation(1000L * i, MACHINE, work, clocked(work), 0));
        }
        return observations;
    }
}
