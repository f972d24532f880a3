package dev.zoetrope.app.generate;

import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.ClipLengths;
import dev.zoetrope.runtime.generation.ModelAbilities;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where sliders can stand for a model.
 *
 * @param aspects from the tallest to the widest; one is that of the trained size
 * @param sides shorter sides in pixels, ascending; one is that of the trained size
 * @param lengths frames, ascending; one is nearest to the trained length
 */
public record Stops(
        ModelAbilities model,
        List<AspectRatio> aspects,
        List<Integer> sides,
        List<Integer> lengths) {
    private static final List<AspectRatio> COMMON =
            Stream.of("9:16", "2:3", "3:4", "1:1", "4:3", "3:2", "16:9", "21:9")
                    .map(AspectRatio::parse)
                    .toList();

    /** Ratios closer than this look the same. */
    private static final double ALIKE = 1.04;

    /** Times the trained size and length at which sliders end. */
    private static final double FARTHEST_SIDE = 2;

    private static final double FARTHEST_LENGTH = 4;

    public Stops {
        aspects = List.copyOf(aspects);
        sides = List.copyOf(sides);
        lengths = List.copyOf(lengths);
    }

    static Stops of(ModelAbilities model) {
        return new Stops(model, aspects(model), sides(model), lengths(model));
    }

    private static List<AspectRatio> aspects(ModelAbilities model) {
        AspectRatio trained = trainedAspect(model);
        List<AspectRatio> aspects = new ArrayList<>(COMMON);
        aspects.removeIf(common -> alike(common, trained));
        aspects.add(trained);
        aspects.sort(Comparator.comparingDouble(AspectRatio::ratio));
        return aspects;
    }

    /** By its common name where it has one. */
    private static AspectRatio trainedAspect(ModelAbilities model) {
        for (AspectRatio common : COMMON) {
            if (Math.abs(common.ratio() - (double) model.width() / model.height()) < 1e-9) {
                return common;
            }
        }
        double divisor = divisor(model.width(), model.height());
        return new AspectRatio(model.width() / divisor, model.height() / divisor);
    }

    private static int divisor(int a, int b) {
        return b == 0 ? a : divisor(b, a % b);
    }

    private static boolean alike(AspectRatio a, AspectRatio b) {
        return Math.max(a.ratio() / b.ratio(), b.ratio() / a.ratio()) < ALIKE;
    }

    private static List<Integer> sides(ModelAbilities model) {
        int multiple = model.sizeMultiple();
        int trained = trainedSide(model);
        int most = (int) (FARTHEST_SIDE * trained / multiple);
        var sides = new TreeSet<Integer>();
        IntStream.rangeClosed(Math.max(1, Math.ceilDiv(trained / 2, multiple)), most)
                .forEach(times -> sides.add(times * multiple));
        sides.add(trained);
        return List.copyOf(sides);
    }

    private static int trainedSide(ModelAbilities model) {
        return Math.min(model.width(), model.height());
    }

    private static List<Integer> lengths(ModelAbilities model) {
        ClipLengths lengths = model.lengths();
        int most = lengths.nearest((int) (FARTHEST_LENGTH * model.frames()));
        return IntStream.rangeClosed(1, lengths.latentFrames(most))
                .mapToObj(lengths::frames)
                .toList();
    }

    /** Index of the trained aspect. */
    int trainedAspect() {
        return aspects.indexOf(trainedAspect(model));
    }

    /** Index of the trained side. */
    int trainedSide() {
        return sides.indexOf(trainedSide(model));
    }

    /** Index of the trained length. */
    int trainedLength() {
        return lengths.indexOf(model.lengths().nearest(model.frames()));
    }

    /** Index of the aspect that is nearest. */
    int nearest(AspectRatio wanted) {
        return nearest(aspects, aspect -> Math.log(aspect.ratio() / wanted.ratio()));
    }

    /** Index of the side that is nearest, pixels. */
    int nearest(int side) {
        return nearest(sides, other -> other - side);
    }

    /** Index of the length that is nearest. */
    int nearest(ClipLength wanted) {
        double frames =
                switch (wanted) {
                    case ClipLength.Frames(int count) -> count;
                    case ClipLength.Seconds(double count) -> count * model.fps();
                };
        return nearest(lengths, length -> length - frames);
    }

    private static <T> int nearest(List<T> values, ToDoubleFunction<T> distance) {
        return IntStream.range(0, values.size())
                .boxed()
                .min(
                        Comparator.comparingDouble(
                                i -> Math.abs(distance.applyAsDouble(values.get(i)))))
                .orElseThrow();
    }

    /** What the model makes of three stops, by their indices. */
    ClipForm form(int aspect, int side, int length) {
        double ratio = aspects.get(aspect).ratio();
        double width = sides.get(side) * Math.max(1, ratio);
        return new ClipForm(model.nearest(width, width / ratio), lengths.get(length), model.fps());
    }

    /** Whether positions have to be interpolated, since none so far out were trained. */
    boolean beyondTraining(ClipForm form) {
        return form.size().width() > model.width()
                || form.size().height() > model.height()
                || form.frames() > model.lengths().nearest(model.frames());
    }
}
