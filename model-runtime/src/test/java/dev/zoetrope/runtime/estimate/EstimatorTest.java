package dev.zoetrope.runtime.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;

import dev.zoetrope.runtime.device.Precision;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

class EstimatorTest {
    private static final long GIB = 1L << 30;
    private static final Room ROOM = new Room(64 * GIB, OptionalLong.empty(), 64 * GIB);

    @Test
    void mostMeasuredTimesLieInRangesThatAreNeverWiderThanThirtyPercent() {
        Measured measured = new Measured(0.12);
        Estimator estimator = new Estimator(measured.observations("a", 12));

        int inside = 0;
        for (int i = 0; i < 300; i++) {
            Work work = measured.sampling("a");
            Range range = seconds(estimator, Measured.MACHINE, work);
            assertTrue(range.high() <= 1.3001 * range.middle(), range.toString());
            inside += range.contains(measured.clocked(work)) ? 1 : 0;
        }
        assertTrue(inside >= 0.8 * 300, inside + " of 300");
    }

    /**
     * Twelve clips of a calibration and twenty others that the starter made on two cores of an AMD
     * EPYC, in seconds of one thread: kind of work, seconds, counts.
     */
    @Test
    void timesOfTheShippedModelLieInRangesLearnedFromItsCalibration() throws IOException {
        List<List<Observation>> clips = clips("starter-timings.txt");
        Estimator estimator =
                new Estimator(clips.subList(0, 12).stream().flatMap(List::stream).toList());

        int inside = 0;
        for (List<Observation> clip : clips.subList(12, 32)) {
            List<Work> phases = clip.stream().map(Observation::work).toList();
            double took = clip.stream().mapToDouble(Observation::cost).sum();
            Estimate estimate = estimator.of(load(Measured.MACHINE, phases), ROOM);
            Range range = estimate.seconds();
            assertEquals(Estimate.Basis.THIS_MODEL, estimate.basis());
            assertTrue(range.high() <= 1.3001 * range.middle(), range.toString());
            inside += range.contains(took) ? 1 : 0;
        }
        assertTrue(inside >= 18, inside + " of 20");
    }

    private static List<List<Observation>> clips(String file) throws IOException {
        String text =
                Resources.toString(
                        Resources.getResource(EstimatorTest.class, file), StandardCharsets.UTF_8);
        List<List<Observation>> clips = new ArrayList<>();
        for (String line : text.lines().toList()) {
            List<String> fields = Splitter.on(' ').splitToList(line);
            Work.Kind kind = Work.Kind.valueOf(fields.getFirst());
            double[] counts = fields.stream().skip(2).mapToDouble(Double::parseDouble).toArray();
            if (kind == Work.Kind.OPENING) {
                clips.add(new ArrayList<>());
            }
            clips.getLast()
                    .add(
                            new Observation(
                                    clips.size(),
                                    Measured.MACHINE,
                                    Work.of(kind, "starter", counts),
                                    Double.parseDouble(fields.get(1)),
                                    0));
        }
        return clips;
    }

    @Test
    void aCalibrationThatOtherProgramsSlowedIsSoonOutweighed() {
        Measured measured = new Measured(0.05);
        List<Observation> observations = new ArrayList<>();
        for (Observation one : measured.observations("a", 12)) {
            observations.add(
                    new Observation(one.at(), one.machine(), one.work(), 2 * one.cost(), 0.5));
        }
        observations.addAll(measured.observations("a", 6));
        Estimator estimator = new Estimator(observations);

        int inside = 0;
        for (int i = 0; i < 100; i++) {
            Work work = measured.sampling("a");
            inside +=
                    seconds(estimator, Measured.MACHINE, work).contains(Measured.cost(work))
                            ? 1
                            : 0;
        }

        assertTrue(inside >= 90, inside + " of 100");
    }

    @Test
    void rangesAreNarrowWhereTimesAreSteady() {
        Measured measured = new Measured(0.01);
        Estimator estimator = new Estimator(measured.observations("a", 12));

        Range range = seconds(estimator, Measured.MACHINE, measured.sampling("a"));

        assertTrue(range.high() <= 1.1501 * range.middle(), range.toString());
    }

    @Test
    void moreWorkIsNeverEstimatedToTakeLess() {
        SplittableRandom random = new SplittableRandom(8);
        for (int n : new int[] {0, 1, 2, 3, 5, 20}) {
            Measured measured = new Measured(1);
            Estimator estimator = new Estimator(measured.observations("a", n));
            for (int i = 0; i < 80; i++) {
                Work work = measured.sampling("a");
                double[] more =
                        work.counts().stream()
                                .mapToDouble(count -> count * random.nextDouble(1, 3))
                                .toArray();
                Range less = seconds(estimator, Measured.MACHINE, work);
                Range range =
                        seconds(
                                estimator,
                                Measured.MACHINE,
                                Work.of(Work.Kind.SAMPLING, "a", more));
                assertTrue(
                        range.low() >= less.low() && range.high() >= less.high(),
                        less + " and then " + range);
            }
        }
    }

    @Test
    void anotherPrecisionOrMachineSaysNothing() {
        Measured measured = new Measured(0.05);
        Estimator estimator = new Estimator(measured.observations("a", 12));
        Machine m = Measured.MACHINE;

        for (Machine other :
                List.of(
                        new Machine(m.device(), m.processor(), m.threads(), Precision.BF16),
                        new Machine(m.device(), m.processor(), 4, m.precision()),
                        new Machine(m.device(), "another", m.threads(), m.precision()))) {
            Estimate estimate = estimator.of(load(other, measured.sampling("a")), ROOM);
            assertEquals(Estimate.Basis.NOTHING, estimate.basis(), other.toString());
        }
    }

    @Test
    void anotherModelSaysHowFastTheMachineIsAndTheRangeIsWider() {
        Measured measured = new Measured(0.05);
        Estimator estimator = new Estimator(measured.observations("a", 12));
        Work work = measured.sampling("b");

        Estimate estimate = estimator.of(load(Measured.MACHINE, work), ROOM);

        assertEquals(Estimate.Basis.OTHER_MODELS, estimate.basis());
        assertTrue(estimate.seconds().contains(Measured.cost(work)), estimate.toString());
        assertTrue(estimate.seconds().high() > 1.5 * estimate.seconds().middle());
    }

    @Test
    void whatIsNotFreeIsWarnedOf() {
        Estimator estimator = new Estimator(List.of());
        Workload load = load(Measured.MACHINE, new Measured(0).sampling("a"));

        assertEquals(List.of(), estimator.of(load, ROOM).warnings());
        Estimate estimate = estimator.of(load, new Room(GIB, OptionalLong.empty(), 4000));

        assertEquals(2, estimate.warnings().size(), estimate.toString());
        assertTrue(estimate.warnings().getFirst().contains("1.0 GiB are free"));
        assertFalse(estimate.warnings().getLast().contains("memory"));
    }

    @Test
    void theMemoryOfADeviceIsLearnedAndWarnedOf() {
        Work memory = Work.of(Work.Kind.DEVICE_MEMORY, "a", 1, 4.0 * GIB);
        Workload load =
                new Workload(
                        Measured.MACHINE,
                        List.of(),
                        Work.of(Work.Kind.MEMORY, "a", 1, 0),
                        Optional.of(memory),
                        Work.of(Work.Kind.FILE, "MP4", 1),
                        0);
        Range guessed = new Estimator(List.of()).of(load, ROOM).deviceMemory().orElseThrow();
        assertTrue(guessed.contains(4.0 * GIB), guessed.toString());
        List<Observation> learned =
                Collections.nCopies(3, new Observation(0, Measured.MACHINE, memory, 6.0 * GIB, 0));

        Estimate estimate =
                new Estimator(learned)
                        .of(load, new Room(64 * GIB, OptionalLong.of(5 * GIB), 64 * GIB));

        Range range = estimate.deviceMemory().orElseThrow();
        assertTrue(range.contains(6.0 * GIB) && !range.contains(4.0 * GIB), range.toString());
        assertEquals(1, estimate.warnings().size(), estimate.toString());
        assertTrue(
                estimate.warnings().getFirst().contains("of the GPU's memory, and 5.0 GiB"),
                estimate.warnings().getFirst());
        Room roomy = new Room(64 * GIB, OptionalLong.of(9 * GIB), 64 * GIB);
        assertEquals(List.of(), new Estimator(learned).of(load, roomy).warnings());
    }

    private static Range seconds(Estimator estimator, Machine machine, Work work) {
        return estimator.of(load(machine, work), ROOM).seconds();
    }

    /** Of a clip that takes 2 GiB of memory and 10 kB of disk. */
    private static Workload load(Machine machine, Work work) {
        return load(machine, List.of(work));
    }

    private static Workload load(Machine machine, List<Work> phases) {
        return new Workload(
                machine,
                phases,
                Work.of(Work.Kind.MEMORY, "a", 1, 2.0 * GIB),
                Optional.empty(),
                Work.of(Work.Kind.FILE, "MP4", 100_000),
                1000);
    }
}
