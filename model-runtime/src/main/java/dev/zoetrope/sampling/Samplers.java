package dev.zoetrope.sampling;

import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.ProblemException;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The samplers that can be asked for, by the short name people use and by the class that a model's
 * {@code scheduler_config.json} names: diffusers', or {@code GaussianDiffusion} and {@code
 * SiTTransport} for models that were trained and published without diffusers.
 */
public final class Samplers {
    private static final String GAUSSIAN_DIFFUSION = "GaussianDiffusion";
    private static final String SIT_TRANSPORT = "SiTTransport";

    private static final List<Entry> DIFFUSION =
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
                            "cogvideox_ddim", "CogVideoXDDIMScheduler", CogVideoXDdimSampler::new));

    private static final List<Entry> FLOW =
            List.of(
                    new Entry(
                            "flow_euler",
                            "FlowMatchEulerDiscreteScheduler",
                            FlowMatchEulerSampler::new));

    private static final List<Entry> TRANSPORT =
            List.of(
                    new Entry(
                            "sit_ode", SIT_TRANSPORT, config -> transport(config).ode(ode(config))),
                    new Entry("sit_sde", "SiTTransportSde", Samplers::sde));

    private static final List<Entry> ALL =
            Stream.of(DIFFUSION, FLOW, TRANSPORT).flatMap(List::stream).toList();

    private record Entry(
            String name, String className, Function<SchedulerConfig, Sampler> factory) {
        boolean isCalled(String name) {
            return name.equals(this.name) || name.equals(className);
        }
    }

    private Samplers() {}

    /** The short names of all. */
    public static List<String> names() {
        return ALL.stream().map(Entry::name).toList();
    }

    /**
     * The short names of those that a model can be sampled with: flow and diffusion run along
     * different times, and a model has learned one of them.
     *
     * @param config of the model
     */
    public static List<String> names(SchedulerConfig config) {
        return family(config).stream().map(Entry::name).toList();
    }

    /**
     * The short name of the sampler that a model's configuration asks for.
     *
     * @throws ProblemException when the sampler is not known
     */
    public static String defaultName(SchedulerConfig config) {
        String name = config.className();
        if (name.equals(GAUSSIAN_DIFFUSION)) {
            return "ddpm";
        }
        return ALL.stream()
                .filter(entry -> entry.isCalled(name))
                .findFirst()
                .orElseThrow(() -> unknown(name, names()))
                .name;
    }

    /**
     * A sampler of choice with a model's options, where those say something.
     *
     * @param name short, such as {@code euler_a}, or diffusers' class
     * @param channelAxis of the latents: 1, or 2 for models that take (B, T, C, H, W)
     * @throws ProblemException when no sampler of that name is for such a model, or it does not
     *     have such an option
     */
    public static Sampler named(String name, SchedulerConfig config, int channelAxis) {
        if (config.className().equals(GAUSSIAN_DIFFUSION)) {
            GaussianDiffusion process = gaussian(config, channelAxis);
            switch (name) {
                case "ddpm" -> {
                    return steps -> process.respaced(String.valueOf(steps)).ancestral(false);
                }
                case "ddim" -> {
                    return steps -> process.respaced(String.valueOf(steps)).ddim(false, 0);
                }
                default -> {}
            }
        }
        return family(config).stream()
                .filter(entry -> entry.isCalled(name))
                .findFirst()
                .orElseThrow(() -> unknown(name, names(config)))
                .factory
                .apply(config);
    }

    /** All, where nothing tells what the model has learned. */
    private static List<Entry> family(SchedulerConfig config) {
        String name = config.className();
        if (name.equals(GAUSSIAN_DIFFUSION)) {
            return DIFFUSION;
        }
        return Stream.of(DIFFUSION, FLOW, TRANSPORT)
                .filter(family -> family.stream().anyMatch(entry -> entry.isCalled(name)))
                .findFirst()
                .orElse(ALL);
    }

    /** Improved diffusion's process, whose betas are those that diffusers takes by default too. */
    private static GaussianDiffusion gaussian(SchedulerConfig config, int channelAxis) {
        GaussianDiffusion.Variance variance =
                config.flag("learn_sigma", true)
                        ? GaussianDiffusion.Variance.LEARNED_RANGE
                        : GaussianDiffusion.Variance.FIXED_LARGE;
        config.only("beta_schedule", "linear");
        config.only("prediction_type", "epsilon");
        int steps = config.integer("num_train_timesteps", 1000, 1, 1_000_000);
        return GaussianDiffusion.linear(steps, channelAxis, variance);
    }

    private static SitTransport transport(SchedulerConfig config) {
        return SitTransport.of(
                config.choice("path_type", SitPath.LINEAR),
                config.choice("prediction", SitTransport.Target.VELOCITY));
    }

    private static SitOde.Method ode(SchedulerConfig config) {
        return config.choice("sampling_method", SitOde.Method.DOPRI5);
    }

    private static Sampler sde(SchedulerConfig config) {
        return transport(config)
                .sde(
                        config.choice("sde_method", SitSde.Method.EULER),
                        config.choice("diffusion_form", SitTransport.DiffusionForm.SIGMA),
                        config.choice("last_step", SitSde.LastStep.MEAN),
                        config.number("last_step_size", 0.04));
    }

    private static ProblemException unknown(String name, List<String> possible) {
        return new Impossible.SamplerUnknown(name, possible).asException();
    }
}
