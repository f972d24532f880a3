package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.sampling.Denoiser;
import dev.zoetrope.sampling.Sampler;
import dev.zoetrope.sampling.SitOde;
import dev.zoetrope.sampling.SitPath;
import dev.zoetrope.sampling.SitSde;
import dev.zoetrope.sampling.SitTransport;
import dev.zoetrope.sampling.SitTransport.DiffusionForm;
import dev.zoetrope.sampling.SitTransport.LossWeight;
import dev.zoetrope.sampling.SitTransport.Target;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Interpolants, losses, and trajectories by ODE and SDE, for each path and target. */
final class SitTransportGolden {
    private static final Pattern PATH = Pattern.compile("(\\w+)\\.(xt|ut)");
    private static final Pattern LOSS = Pattern.compile("(\\w+)\\.(\\w+)\\.loss\\[(\\w+)]");
    private static final Pattern ODE = Pattern.compile("(\\w+)\\.(\\w+)\\.ode\\[(\\w+)]\\[(\\d+)]");
    private static final Pattern SDE =
            Pattern.compile("(\\w+)\\.(\\w+)\\.sde\\[(\\w+)]\\[(\\w+)]\\[([\\w-]+)]");
    private static final int SDE_STEPS = 10;
    private static final double LAST_SIZE = 0.04;

    private final GoldenCase golden;
    private final Denoiser model;

    private SitTransportGolden(GoldenCase golden) {
        NDArray w = golden.input("w").reshape(new Shape(1, 1, -1, 1, 1));
        this.golden = golden;
        this.model = (x, t) -> x.mul(w).tanh().add((float) (0.3 * Math.sin(3 * t)));
    }

    static void run(GoldenCase golden) {
        SitTransportGolden test = new SitTransportGolden(golden);
        for (String key : List.copyOf(golden.outputs())) {
            Matcher path = PATH.matcher(key);
            Matcher loss = LOSS.matcher(key);
            Matcher ode = ODE.matcher(key);
            Matcher sde = SDE.matcher(key);
            if (path.matches()) {
                test.path(key, path);
            } else if (loss.matches()) {
                test.loss(key, loss);
            } else if (ode.matches()) {
                test.ode(key, ode);
            } else if (sde.matches()) {
                test.sde(key, sde);
            }
        }
    }

    private void path(String key, Matcher m) {
        SitTransport transport =
                SitTransport.of(choice(SitPath.class, m.group(1)), Target.VELOCITY);
        Kernels k = Kernels.autograd();
        NDArray x1 = golden.input("x1");
        NDArray x0 = golden.input("x0");
        floats(
                key,
                m.group(2).equals("xt")
                        ? transport.between(k, x1, x0, times())
                        : transport.velocity(k, x1, x0, times()),
                1e-4);
    }

    private void loss(String key, Matcher m) {
        SitTransport transport = transport(m);
        Kernels k = Kernels.autograd();
        NDArray x1 = golden.input("x1");
        NDArray x0 = golden.input("x0");
        double[] t = times();
        NDArray xt = transport.between(k, x1, x0, t);
        List<NDArray> outputs = new ArrayList<>();
        for (int i = 0; i < t.length; i++) {
            outputs.add(model.predict(xt.get(i + ":" + (i + 1)), t[i]));
        }
        NDArray output = k.concat(outputs, 0);
        floats(
                key,
                transport.loss(k, output, x1, x0, choice(LossWeight.class, m.group(3)), t),
                1e-4);
    }

    private void ode(String key, Matcher m) {
        SitOde.Method method = choice(SitOde.Method.class, m.group(3));
        int steps = Integer.parseInt(m.group(4)) - 1;
        List<NDArray> samples = trajectory(transport(m).ode(method), steps);
        NDArray expected =
                method == SitOde.Method.EULER
                        ? rows(samples, 0, steps / 2, steps)
                        : samples.get(steps);
        floats(key, expected, method == SitOde.Method.DOPRI5 ? 1e-3 : 1e-4);
    }

    private void sde(String key, Matcher m) {
        Sampler sampler =
                transport(m)
                        .sde(
                                choice(SitSde.Method.class, m.group(3)),
                                choice(DiffusionForm.class, m.group(5)),
                                choice(SitSde.LastStep.class, m.group(4)),
                                LAST_SIZE);
        List<NDArray> samples = trajectory(sampler, SDE_STEPS);
        floats(key, rows(samples, 1, 5, SDE_STEPS), 1e-4);
    }

    private List<NDArray> trajectory(Sampler sampler, int steps) {
        NDManager manager = golden.manager();
        RecordedNoise noise = new RecordedNoise(golden.input("z"), golden.input("noises"));
        return Trajectory.of(manager, sampler, steps, noise, model);
    }

    private static NDArray rows(List<NDArray> samples, int... rows) {
        List<NDArray> chosen = new ArrayList<>();
        for (int row : rows) {
            chosen.add(samples.get(row));
        }
        return Trajectory.stack(chosen);
    }

    private double[] times() {
        float[] t = golden.input("t").toFloatArray();
        double[] times = new double[t.length];
        for (int i = 0; i < t.length; i++) {
            times[i] = t[i];
        }
        return times;
    }

    private static SitTransport transport(Matcher m) {
        return SitTransport.of(choice(SitPath.class, m.group(1)), choice(Target.class, m.group(2)));
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String name) {
        return Enum.valueOf(type, name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private void floats(String key, NDArray actual, double tolerance) {
        golden.close(key, actual, tolerance, tolerance);
    }
}
