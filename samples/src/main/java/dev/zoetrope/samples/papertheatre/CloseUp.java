package dev.zoetrope.samples.papertheatre;

import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.TrainingClip;

import java.nio.ByteBuffer;

/**
 * Parts of the stage as large clips show them. A small clip of the whole stage has small motions;
 * whoever learns from small clips and works on large ones has to see how far those go in a frame.
 */
public final class CloseUp implements ClipSource {
    private static final int CAMERA = 4;

    /** The shorter side of the stage in pixels, unless the clip is larger. */
    private static final int SMALLEST = 112;

    private static final int LARGEST = 176;

    private final PaperTheatre theatre = new PaperTheatre();

    @Override
    public String name() {
        return "paper-theatre-close-up";
    }

    /**
     * What a clip shows of its stage.
     *
     * @param stage the size of all of it
     * @param left column of the stage where the clip begins
     * @param top row of the stage where the clip begins
     */
    record View(ClipShape stage, int left, int top) {}

    /** What the clip at an index shows. */
    View view(long index, ClipShape shape) {
        Dice dice = new Dice(index, CAMERA);
        int shorter = Math.min(shape.width(), shape.height());
        float scale = Math.max(1, dice.between(SMALLEST, LARGEST) / shorter);
        int width = Math.round(scale * shape.width());
        int height = Math.round(scale * shape.height());
        return new View(
                new ClipShape(shape.frames(), height, width),
                Math.round(dice.between(0, width - shape.width())),
                Math.round(dice.between(0, height - shape.height())));
    }

    @Override
    public TrainingClip clip(long index, ClipShape shape) {
        View view = view(index, shape);
        TrainingClip whole = theatre.clip(index, view.stage());
        ByteBuffer stage = whole.rgb();
        ByteBuffer rgb = ByteBuffer.allocateDirect(shape.bytes());
        int row = 3 * shape.width();
        for (int f = 0; f < shape.frames(); f++) {
            for (int y = view.top(); y < view.top() + shape.height(); y++) {
                int pixel = (f * view.stage().height() + y) * view.stage().width() + view.left();
                rgb.put(stage.slice(3 * pixel, row));
            }
        }
        return new TrainingClip(shape, rgb.flip(), whole.caption());
    }
}
