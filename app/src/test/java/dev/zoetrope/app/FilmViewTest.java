package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.zoetrope.app.player.Film;
import dev.zoetrope.app.player.FilmView;
import dev.zoetrope.app.player.Transport;
import dev.zoetrope.runtime.media.Frame;

import javafx.scene.Scene;
import javafx.scene.image.WritableImage;

import org.junit.jupiter.api.Test;
import org.testfx.api.FxToolkit;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** What a film looks like, pixel by pixel. */
@NeedsFontLibraries
final class FilmViewTest {
    private static final int SIDE = 160;
    private static final double ROUNDING = 2;
    private static final int[] COLOURS = {0xffff0000, 0xff00ff00, 0xff0000ff, 0xffffff00};

    /** Four quarters of one colour each, as few pixels or as many. */
    private static Film quarters(int side) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(3 * side * side);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int colour = COLOURS[2 * (2 * y / side) + 2 * x / side];
                rgb.put((byte) (colour >> 16)).put((byte) (colour >> 8)).put((byte) colour);
            }
        }
        return Film.of(List.of(new Frame(side, side, rgb.flip(), 0)), 8);
    }

    @Test
    void picturesReachToTheirEdgesInTheirOwnColours() throws Exception {
        FxToolkit.registerPrimaryStage();
        for (int side : new int[] {2, 16, 128}) {
            WritableImage shot =
                    Studio.fx(() -> {
                        var view = new FilmView(new Transport(), "film");
                        var scene = new Scene(view, SIDE, SIDE);
                        view.filmProperty().set(Optional.of(quarters(side)));
                        return scene.snapshot(null);
                    });
            for (int corner = 0; corner < 4; corner++) {
                for (int inset : new int[] {0, 10, 30}) {
                    int x = corner % 2 == 0 ? inset : SIDE - 1 - inset;
                    int y = corner / 2 == 0 ? inset : SIDE - 1 - inset;
                    int colour = shot.getPixelReader().getArgb(x, y);
                    for (int shift = 0; shift < 24; shift += 8) {
                        assertEquals(
                                (COLOURS[corner] >> shift) & 0xff,
                                (colour >> shift) & 0xff,
                                ROUNDING,
                                "%d pixels, corner %d, %d inside".formatted(side, corner, inset));
                    }
                }
            }
        }
    }
}
