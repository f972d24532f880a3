package dev.zoetrope.app.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.estimate.Machine;
import dev.zoetrope.runtime.estimate.Range;
import dev.zoetrope.runtime.estimate.Work;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

class ForecastTest {
    @Test
    void aClipThatWaitsTakesWhatItsEstimateSays() {
        Estimate estimate =
                new Estimate(
                        new Machine(ComputeDevice.CPU, "a processor", 2, Precision.FP32),
                        List.of(
                                phase(Work.Kind.OPENING, 0.1, 0.3),
                                phase(Work.Kind.ENCODING, 0.2, 0.4),
                                phase(Work.Kind.SAMPLING, 4, 8),
                                phase(Work.Kind.DECODING, 1, 2)),
                        Range.NOTHING,
                        Optional.empty(),
                        Range.NOTHING,
                        0,
                        Estimate.Basis.THIS_MODEL,
                        1,
                        List.of());

        Forecast forecast = Forecast.of(16, estimate);

        assertEquals(
                Duration.ofMillis(Math.round(1000 * estimate.seconds().middle())),
                forecast.whole());
        assertEquals(forecast.whole(), forecast.left(0, 36, Optional.empty()));
    }

    private static Estimate.Phase phase(Work.Kind kind, double low, double high) {
        return new Estimate.Phase(kind, new Range(low, high));
    }
}
