package dev.zoetrope.runtime.estimate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What one of each count costs. A cost is the sum of the counts times their rates; the rates are
 * those whose costs lie closest to the observed ones, by weighted least squares of the logarithms,
 * so that a second too much for a short job weighs as a minute does for a long one.
 *
 * <p>No rate is negative: more work never costs less. A little of the square of each rate's
 * distance from what was expected is added, which decides where the observations leave it open, as
 * when two counts always grew together. A newer observation weighs more: every {@value #HALVING}th
 * half as much as the one after it. One that other programs may have slowed weighs less, as its
 * variance is larger: a twentieth where they had half of the processors. How far off a fit may be
 * is told by leaving out each observation in turn and fitting the others: the spread is what nine
 * in ten of them stayed within.
 */
final class Rates {
    private static final int HALVING = 24;
    private static final double PULL = 1e-3;

    /** What costs differ by, in their logarithms, on a machine that does nothing else. */
    private static final double OFF = 0.15;

    /** The work was done, so that they cannot have had all. */
    private static final double MOST_OTHERS = 0.95;

    private static final int ROUNDS = 20;
    private static final int SWEEPS = 2000;
    private static final double SETTLED = 1e-7;

    /** Of what was expected: even work that seemed free costs something. */
    private static final double LEAST = 1e-3;

    private final double[] each;

    private Rates(double[] each) {
        this.each = each;
    }

    static Rates of(List<Double> each) {
        return new Rates(each.stream().mapToDouble(Double::doubleValue).toArray());
    }

    double cost(Work work) {
        return cost(each, work);
    }

    private static double cost(double[] each, Work work) {
        return cost(each, counts(work));
    }

    private static double cost(double[] each, double[] counts) {
        double sum = 0;
        for (int j = 0; j < each.length; j++) {
            sum += each[j] * counts[j];
        }
        return sum;
    }

    private static double[] counts(Work work) {
        return work.counts().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /**
     * The rates of a component that was never measured, by what others have cost: what loads and
     * what computes are each as much slower or faster as with those, and as expected where they
     * leave it open. But nothing loads faster than expected, as what was used before is in memory
     * already.
     *
     * @param loading indexes of the counts that are for loading
     */
    Rates asFastAs(List<Observation> others, Set<Integer> loading) {
        if (others.isEmpty()) {
            return this;
        }
        double[][] counts = new double[others.size()][2];
        for (int i = 0; i < counts.length; i++) {
            double[] all = counts(others.get(i).work());
            for (int j = 0; j < all.length; j++) {
                counts[i][loading.contains(j) ? 0 : 1] += each[j] * all[j];
            }
        }
        double[] times = new Rates(new double[] {1, 1}).fitted(counts, others).each;
        double[] scaled = new double[each.length];
        for (int j = 0; j < scaled.length; j++) {
            scaled[j] = each[j] * (loading.contains(j) ? Math.max(1, times[0]) : times[1]);
        }
        return new Rates(scaled);
    }

    /** All rates as much higher or lower as the middle one of the observations lies. */
    Rates scaledTo(List<Observation> observations) {
        double[] ratios =
                observations.stream()
                        .mapToDouble(one -> one.cost() / cost(one.work()))
                        .filter(Double::isFinite)
                        .sorted()
                        .toArray();
        if (ratios.length == 0) {
            return this;
        }
        double factor = ratios[ratios.length / 2];
        return new Rates(Arrays.stream(each).map(rate -> rate * factor).toArray());
    }

    /**
     * The rates of observations, of which there is at least one.
     *
     * @param observations of one machine and component, oldest first
     */
    Rates fittedTo(List<Observation> observations) {
        double[][] counts =
                observations.stream().map(one -> counts(one.work())).toArray(double[][]::new);
        return scaledTo(observations).fitted(counts, observations);
    }

    /**
     * What nine in ten of the observations differed by from what the others would have said, as a
     * part of that; of fewer than three observations nothing can be said, which is infinite.
     */
    double spread(List<Observation> observations) {
        int n = observations.size();
        if (n < 3) {
            return Double.POSITIVE_INFINITY;
        }
        double[] apart = new double[n];
        for (int i = 0; i < n; i++) {
            List<Observation> others = new ArrayList<>(observations);
            Observation left = others.remove(i);
            apart[i] = Math.abs(left.cost() / fittedTo(others).cost(left.work()) - 1);
        }
        Arrays.sort(apart);
        return apart[(int) Math.ceil(0.9 * n) - 1];
    }

    /**
     * Gauss and Newton's method: the logarithm of a cost is taken as straight around the cost that
     * the rates so far give. Observations further off than a factor of e pull no harder than that.
     *
     * @param counts of each observation, as many as there are rates
     */
    private Rates fitted(double[][] counts, List<Observation> observations) {
        double[] weights = new double[counts.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] =
                    Math.pow(2, (i + 1 - weights.length) / (double) HALVING)
                            * trust(observations.get(i));
        }
        double[] rates = each.clone();
        for (int round = 0; round < ROUNDS; round++) {
            double[][] a = new double[counts.length][];
            double[] b = new double[a.length];
            for (int i = 0; i < a.length; i++) {
                double predicted = cost(rates, counts[i]);
                double off = Math.log(observations.get(i).cost() / predicted);
                b[i] = 1 + Math.clamp(off, -1, 1);
                a[i] = new double[rates.length];
                for (int j = 0; j < rates.length; j++) {
                    a[i][j] = each[j] * counts[i][j] / predicted;
                }
            }
            double[] times = leastSquares(a, b, weights);
            double moved = 0;
            for (int j = 0; j < rates.length; j++) {
                double next = each[j] * times[j];
                moved = Math.max(moved, Math.abs(next - rates[j]) / each[j]);
                rates[j] = next;
            }
            if (moved < 1e-4) {
                break;
            }
        }
        return new Rates(rates);
    }

    /**
     * The variance of the logarithm of an undisturbed cost, as a part of this one's: work that is
     * left a half of the processors may have taken twice as long, or no longer.
     */
    private static double trust(Observation one) {
        double usual = OFF * OFF;
        double slowed = Math.log(1 - Math.min(MOST_OTHERS, one.others()));
        return usual / (usual + slowed * slowed);
    }

    /** The u, all above 0, of the least sum of w (a u - b)² and of the pull of each u to 1. */
    private static double[] leastSquares(double[][] a, double[] b, double[] weights) {
        int n = a[0].length;
        double[][] gram = new double[n][n];
        double[] towards = new double[n];
        for (int j = 0; j < n; j++) {
            gram[j][j] = PULL;
            towards[j] = PULL;
            for (int i = 0; i < a.length; i++) {
                towards[j] += weights[i] * a[i][j] * b[i];
                for (int l = 0; l < n; l++) {
                    gram[j][l] += weights[i] * a[i][j] * a[i][l];
                }
            }
        }
        double[] u = new double[n];
        Arrays.fill(u, 1);
        double moved = 1;
        for (int sweep = 0; sweep < SWEEPS && moved > SETTLED; sweep++) {
            moved = 0;
            for (int j = 0; j < n; j++) {
                double slope = -towards[j];
                for (int l = 0; l < n; l++) {
                    slope += gram[j][l] * u[l];
                }
                double next = Math.max(LEAST, u[j] - slope / gram[j][j]);
                moved = Math.max(moved, Math.abs(next - u[j]));
                u[j] = next;
            }
        }
        return u;
    }
}
