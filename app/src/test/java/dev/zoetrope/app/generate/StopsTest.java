package dev.zoetrope.app.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.ClipLengths;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.Prompting;
import dev.zoetrope.runtime.media.FrameSize;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

final class StopsTest {
    private static Stops stops(int width, int height, int frames, ClipLengths lengths) {
        return Stops.of(
                new ModelAbilities(
                        "denoiser",
                        "codec",
                        width,
                        height,
                        frames,
                        16,
                        16,
                        lengths,
                        new Prompting.ByText(77),
                        false,
                        "euler",
                        List.of("euler"),
                        20,
                        5,
                        Optional.empty()));
    }

    @Test
    void theTrainedStopsComeToTheTrainedClip() {
        for (Stops stops :
                List.of(
                        stops(832, 480, 81, new ClipLengths(4, true)),
                        stops(128, 128, 16, new ClipLengths(4, false)),
                        stops(480, 832, 17, new ClipLengths(4, true)))) {
            ClipForm form =
                    stops.form(stops.trainedAspect(), stops.trainedSide(), stops.trainedLength());
            assertEquals(new FrameSize(stops.model().height(), stops.model().width()), form.size());
            assertEquals(stops.model().frames(), form.frames());
            assertFalse(stops.beyondTraining(form));
        }
    }

    @Test
    void whatIsNoStopHasOneThatIsNearest() {
        Stops stops = stops(128, 128, 16, new ClipLengths(4, false));
        assertEquals(
                new AspectRatio(16, 9), stops.aspects().get(stops.nearest(new AspectRatio(17, 9))));
        assertEquals(128, stops.sides().get(stops.nearest(130)));
        assertEquals(20, stops.lengths().get(stops.nearest(new ClipLength.Frames(19))));
        double fps = stops.model().fps();
        assertEquals(24, stops.lengths().get(stops.nearest(new ClipLength.Seconds(24 / fps))));
    }

    @Test
    void theTrainedAspectStandsForTheCommonOneItLooksLike() {
        List<AspectRatio> aspects = stops(832, 480, 81, new ClipLengths(4, true)).aspects();
        assertTrue(aspects.contains(new AspectRatio(26, 15)), aspects.toString());
        assertFalse(aspects.contains(new AspectRatio(16, 9)), aspects.toString());
        assertTrue(
                stops(512, 288, 16, new ClipLengths(4, false))
                        .aspects()
                        .contains(new AspectRatio(16, 9)));
    }

    @Test
    void aTrainedLengthThatCannotBeMadeIsTheNearestThatCan() {
        Stops stops = stops(128, 128, 16, new ClipLengths(4, true));
        assertEquals(17, stops.lengths().get(stops.trainedLength()));
        assertEquals(1, stops.lengths().getFirst());
        assertEquals(65, stops.lengths().getLast());
    }

    @Test
    void everySizeIsOneOfWholePatches() {
        Stops stops = stops(128, 128, 16, new ClipLengths(4, false));
        assertEquals(List.of(64, 80, 96, 112, 128, 144), stops.sides().subList(0, 6));
        assertEquals(256, stops.sides().getLast());
        for (int aspect = 0; aspect < stops.aspects().size(); aspect++) {
            for (int side = 0; side < stops.sides().size(); side++) {
                FrameSize size = stops.form(aspect, side, 0).size();
                assertEquals(0, size.width() % 16);
                assertEquals(0, size.height() % 16);
            }
        }
    }

    @Test
    void largerOrLongerThanTrainedIsBeyondTraining() {
        Stops stops = stops(128, 128, 16, new ClipLengths(4, false));
        int aspect = stops.trainedAspect();
        int side = stops.trainedSide();
        int length = stops.trainedLength();
        assertTrue(stops.beyondTraining(stops.form(aspect, side + 1, length)));
        assertTrue(stops.beyondTraining(stops.form(aspect, side, length + 1)));
        assertTrue(stops.beyondTraining(stops.form(aspect + 1, side, length)));
        assertFalse(stops.beyondTraining(stops.form(aspect, side - 1, length - 1)));
    }
}
