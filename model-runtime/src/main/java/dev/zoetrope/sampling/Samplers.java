package dev.zoetrope.sampling;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import java.util.List;
import java.util.function.Function;

/** The samplers that can be asked for, by the short name people use and by diffusers' class. */
public final class Samplers {
    private static final List<Entry> ALL =
            List.of(
                    new Entry("ddim", "DDIMScheduler", DdimSampler::new),
                    new Entry("ddpm", "DDPMScheduler", DdpmSampler::new),
                    new Entry("pndm", "PNDMScheduler", PndmSampler::new),
                    new Entry("euler", "EulerDiscreteScheduler", EulerSampler::new),
                    new Entry(
                            "euler_a",
                            "EulerAncestralDiscreteScheduler",
                            EulerAncestralSampler::new),
                    new Entry("heun", "HeunDiscreteScheduler", HeunSampler::new),
                    new Entry(
                            "kdpm2_a",
                            "KDPM2AncestralDiscreteScheduler",
                            Kdpm2AncestralSampler::new),
                    new Entry("dpmpp_2m", "DPMSolverMultistepScheduler", DpmMultistepSampler::new),
                    new Entry(
                            "dpmpp_2s", "DPMSolverSinglestepScheduler", DpmSinglestepSampler::new),
                    new Entry("deis", "DEISMultistepScheduler", DeisSampler::new),
                    new Entry(
                            "cogvideox_ddim", "CogVideoXDDIMScheduler", CogVideoXDdimSampler::new),
                    new Entry(
                            "flow_euler",
                            "FlowMatchEulerDiscreteScheduler",
                            FlowMatchEulerSampler::new));

    private record Entry(
            String name, String className, Function<SchedulerConfig, Sampler> factory) {}

    private Samplers() {}

    /** The short names. */
    public static List<String> names() {
        return ALL.stream().map(Entry::name).toList();
    }

    /**
     * The sampler that a model's {@code scheduler_config.json} asks for by its {@code _class_name}.
     *
     * @throws ProblemException when the sampler is not known, or not with these options
     */
    public static Sampler of(SchedulerConfig config) {
        return named(config.text("_class_name", ""), config);
    }

    /**
     * A sampler of choice with a model's options, where those say something.
     *
     * @param name short, such as {@code euler_a}, or diffusers' class
     * @throws ProblemException when no sampler is called so, or it does not have such an option
     */
    public static Sampler named(String name, SchedulerConfig config) {
        return ALL.stream()
                .filter(entry -> entry.name.equals(name) || entry.className.equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name))
                .factory
                .apply(config);
    }

    private static ProblemException unknown(String name) {
        return new Problem.ImpossibleRequest(
                        "There is no sampler called \"%s\".".formatted(name),
                        "Choose one of %s.".formatted(String.join(", ", names())))
                .asException();
    }
}
