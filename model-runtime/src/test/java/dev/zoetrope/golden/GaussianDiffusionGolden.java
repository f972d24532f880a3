package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.primitives.ImmutableDoubleArray;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.sampling.GaussianDiffusion;
import dev.zoetrope.sampling.GaussianDiffusion.Losses;
import dev.zoetrope.sampling.GaussianDiffusion.Tables;
import dev.zoetrope.sampling.GaussianDiffusion.Variance;
import dev.zoetrope.sampling.Plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tables of every spacing, trajectories of both samplers, training losses. */
final class GaussianDiffusionGolden {
    private static final Pattern TABLE = Pattern.compile("table\\[(.*)]\\.(.*)");
    private static final Pattern TRAJECTORY =
            Pattern.compile("(p_sample|ddim)\\[(.*?)]\\[clip=(.*?)](\\[eta=(.*?)])?\\.traj");

    private final GoldenCase golden;
    private final FakeDenoiser model;
    private final GaussianDiffusion whole;

    private GaussianDiffusionGolden(GoldenCase golden) {
        Config config = golden.config(Config.class);
        Variance variance = config.learnSigma ? Variance.LEARNED_RANGE : Variance.FIXED_LARGE;
        this.golden = golden;
        this.model = new FakeDenoiser(golden.input("w"), config.channelDim, config.learnSigma);
        this.whole =
                config.noiseSchedule.equals("linear")
                        ? GaussianDiffusion.linear(
                                config.diffusionSteps, config.channelDim, variance)
                        : GaussianDiffusion.cosine(
                                config.diffusionSteps, config.channelDim, variance);
    }

    static void run(GoldenCase golden) {
        GaussianDiffusionGolden test = new GaussianDiffusionGolden(golden);
        for (String key : List.copyOf(golden.outputs())) {
            Matcher table = TABLE.matcher(key);
            Matcher trajectory = TRAJECTORY.matcher(key);
            if (table.matches()) {
                test.table(key, table.group(1), table.group(2));
            } else if (trajectory.matches()) {
                test.trajectory(key, trajectory);
            }
        }
        if (golden.hasInput("train.t")) {
            test.training();
        }
    }

    private void table(String key, String spacing, String name) {
        GaussianDiffusion process = whole.respaced(spacing);
        Tables t = process.tables();
        if (name.equals("timestep_map")) {
            golden.equal(key, Arrays.stream(process.timestepMap()).asLongStream().toArray());
            return;
        }
        Map<String, ImmutableDoubleArray> tables =
                Map.of(
                        "betas", t.betas(),
                        "alphas_cumprod", t.alphasCumprod(),
                        "alphas_cumprod_prev", t.alphasCumprodPrev(),
                        "sqrt_recip_alphas_cumprod", t.sqrtRecipAlphasCumprod(),
                        "sqrt_recipm1_alphas_cumprod", t.sqrtRecipm1AlphasCumprod(),
                        "posterior_variance", t.posteriorVariance(),
                        "posterior_log_variance_clipped", t.posteriorLogVarianceClipped(),
                        "posterior_mean_coef1", t.posteriorMeanCoef1(),
                        "posterior_mean_coef2", t.posteriorMeanCoef2());
        golden.close(key, tables.get(name).toArray(), 1e-9, 1e-15);
    }

    private void trajectory(String key, Matcher name) {
        GaussianDiffusion process = whole.respaced(name.group(2));
        boolean clip = name.group(3).equals("True");
        Plan plan =
                name.group(1).equals("ddim")
                        ? process.ddim(clip, Double.parseDouble(name.group(5)))
                        : process.ancestral(clip);
        RecordedNoise noise = new RecordedNoise(golden.input("x_T"), golden.input("noises"));
        List<NDArray> samples =
                Trajectory.of(golden.manager(), n -> plan, plan.times().length, noise, model);
        floats(key, Trajectory.stack(samples));
    }

    private void training() {
        Kernels k = Kernels.autograd();
        NDArray x0 = golden.input("train.x_start");
        NDArray noise = golden.input("train.noise");
        int[] t = new int[(int) x0.getShape().get(0)];
        List<NDArray> outputs = new ArrayList<>();
        long[] times = golden.input("train.t").toLongArray();
        for (int i = 0; i < t.length; i++) {
            t[i] = (int) times[i];
        }
        NDArray xt = whole.addNoise(k, x0, noise, t);
        floats("train.x_t", xt);
        for (int i = 0; i < t.length; i++) {
            outputs.add(model.predict(xt.get(i + ":" + (i + 1)), t[i]));
        }
        NDArray output = k.concat(outputs, 0);
        Losses losses = whole.losses(k, output, x0, xt, noise, t);
        if (golden.hasInput("train.attention_mask")) {
            if (golden.hasOutput("train.nomask.loss")) {
                floats("train.nomask.loss", losses.mse().add(losses.bound()));
            }
            NDArray mask = golden.input("train.attention_mask");
            losses = whole.maskedLosses(k, output, x0, xt, noise, mask, t);
        }
        floats("train.mse", losses.mse());
        if (golden.hasOutput("train.vb")) {
            floats("train.vb", losses.bound());
        }
        floats("train.loss", losses.mse().add(losses.bound()));
    }

    private void floats(String key, NDArray actual) {
        golden.close(key, actual, 1e-4, 1e-4);
    }

    private record Config(
            @JsonProperty("noise_schedule") String noiseSchedule,
            @JsonProperty("diffusion_steps") int diffusionSteps,
            @JsonProperty("learn_sigma") boolean learnSigma,
            @JsonProperty("channel_dim") int channelDim) {}
}
