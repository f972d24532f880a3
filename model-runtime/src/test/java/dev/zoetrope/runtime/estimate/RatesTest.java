package dev.zoetrope.runtime.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class RatesTest {
    private static final Rates USUAL = Rates.of(Work.Kind.SAMPLING.usual());

    @Test
    void theRatesBehindNoisyObservationsAreFound() {
        Rates rates = USUAL.fittedTo(new Measured(0.03).observations("a", 40));

        for (int i = 0; i < Measured.RATES.size(); i++) {
            double[] one = new double[Measured.RATES.size()];
            one[i] = 1;
            double found = rates.cost(Work.of(Work.Kind.SAMPLING, "a", one));
            assertEquals(1, found / Measured.RATES.get(i), 0.15, "rate " + i);
        }
    }

    @Test
    void shortWorkIsFittedAsWellAsLong() {
        Measured measured = new Measured(0.1);
        Rates rates = USUAL.fittedTo(measured.observations("a", 40));

        for (int i = 0; i < 200; i++) {
            Work work = measured.sampling("a");
            assertEquals(1, rates.cost(work) / Measured.cost(work), 0.25, work.toString());
        }
    }

    @Test
    void noRateIsNegativeWhateverIsObserved() {
        // More evaluations that took less time.
        List<Observation> observations =
                List.of(
                        observation(Work.of(Work.Kind.SAMPLING, "a", 1e8, 1e3, 1e11, 1e8), 9),
                        observation(Work.of(Work.Kind.SAMPLING, "a", 1e8, 2e3, 2e11, 2e8), 6),
                        observation(Work.of(Work.Kind.SAMPLING, "a", 1e8, 4e3, 4e11, 4e8), 3));
        Rates rates = USUAL.fittedTo(observations);

        for (int i = 0; i < 4; i++) {
            double[] one = new double[4];
            one[i] = 1;
            assertTrue(rates.cost(Work.of(Work.Kind.SAMPLING, "a", one)) > 0, "rate " + i);
        }
    }

    @Test
    void newerObservationsWeighMore() {
        Measured measured = new Measured(0);
        List<Observation> observations = new ArrayList<>(measured.observations("a", 24));
        for (Observation one : measured.observations("a", 24)) {
            observations.add(observation(one.work(), 2 * one.cost()));
        }
        Work work = measured.sampling("a");

        double cost = USUAL.fittedTo(observations).cost(work);

        assertTrue(cost > 1.5 * Measured.cost(work), cost + " of " + Measured.cost(work));
    }

    @Test
    void aJobThatWasDisturbedHardlyMoves() {
        Measured measured = new Measured(0.05);
        List<Observation> observations = new ArrayList<>(measured.observations("a", 20));
        Work disturbed = observations.get(10).work();
        observations.set(10, observation(disturbed, 50 * Measured.cost(disturbed)));
        Rates rates = USUAL.fittedTo(observations);

        for (int i = 0; i < 50; i++) {
            Work work = measured.sampling("a");
            assertEquals(1, rates.cost(work) / Measured.cost(work), 0.3, work.toString());
        }
    }

    @Test
    void aNewComponentIsLoadedHoweverFastWarmOnesWere() {
        Rates usual = Rates.of(Work.Kind.CODING.usual());
        List<Observation> warm = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            warm.add(
                    observation(
                            Work.of(Work.Kind.CODING, "small", 1, 1e7, 1e9, 1e6, 1e4, 1e4), 0.5));
        }
        Work large = Work.of(Work.Kind.CODING, "large", 1, 1.6e9, 4e10, 1e7, 1e4, 1e4);

        double cost = usual.asFastAs(warm, Work.Kind.CODING.loading()).cost(large);

        assertEquals(usual.cost(large), cost, 0.1 * usual.cost(large));
    }

    @Test
    void aNewComponentComputesAsFastAsOthersDo() {
        Rates usual = Rates.of(Work.Kind.CODING.usual());
        List<Observation> others = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            Work work = Work.of(Work.Kind.CODING, "small", 1, 1e7, i * 1e12, i * 1e8, 1e4, 1e4);
            others.add(observation(work, 2.4 + 0.5 * (usual.cost(work) - 2.4)));
        }
        Work large = Work.of(Work.Kind.CODING, "large", 1, 1.6e9, 2e12, 1e8, 1e4, 1e4);

        double cost = usual.asFastAs(others, Work.Kind.CODING.loading()).cost(large);

        assertEquals(2.4 + 3.2 + 0.5 * 80, cost, 3);
    }

    private static Observation observation(Work work, double cost) {
        return new Observation(0, Measured.MACHINE, work, cost, 0);
    }
}
