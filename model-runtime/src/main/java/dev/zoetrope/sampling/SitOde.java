package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

import java.util.Arrays;
import java.util.OptionalInt;

/** Integrates the velocity of a {@link SitTransport} from each point of a grid to the next. */
public final class SitOde implements Plan {
    private final SitTransport transport;
    private final Method method;
    private final double[] grid;

    /** The solvers, by torchdiffeq's names. */
    public enum Method {
        EULER,
        HEUN2,
        DOPRI5
    }

    SitOde(SitTransport transport, Method method, double[] grid) {
        this.transport = transport;
        this.method = method;
        this.grid = grid;
    }

    @Override
    public double[] times() {
        return Arrays.copyOf(grid, grid.length - 1);
    }

    @Override
    public OptionalInt evaluations() {
        int points = grid.length - 1;
        return switch (method) {
            case EULER -> OptionalInt.of(points);
            case HEUN2 -> OptionalInt.of(2 * points);
            case DOPRI5 -> OptionalInt.empty();
        };
    }

    @Override
    public NDArray step(Step s) {
        double from = grid[s.index()];
        double to = grid[s.index() + 1];
        return switch (method) {
            case EULER -> k().mix(s.x(), 1, slope(s, s.x(), from), (float) (to - from));
            case HEUN2 -> {
                float dt = (float) (to - from);
                NDArray first = slope(s, s.x(), from);
                NDArray second = slope(s, k().mix(s.x(), 1, first, dt), to);
                yield k().mix(s.x(), 1, k().mix(first, 0.5, second, 0.5), dt);
            }
            case DOPRI5 -> {
                DormandPrince solver =
                        new DormandPrince((x, t) -> slope(s, x, (float) t), 1e-6, 1e-3);
                yield solver.advance(s, from, to);
            }
        };
    }

    private NDArray slope(Step s, NDArray x, double t) {
        NDArray output = s.prediction(x, t);
        s.showClean(transport.clean(k(), output, x, t));
        return transport.velocity(k(), output, x, t);
    }

    private static Kernels k() {
        return Kernels.inference();
    }
}
