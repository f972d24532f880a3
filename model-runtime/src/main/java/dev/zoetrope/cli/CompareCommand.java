package dev.zoetrope.cli;

import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.reconstruction.FrameComparison;
import dev.zoetrope.runtime.reconstruction.FrameQuality;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code zoetrope compare}. */
@Command(
        name = "compare",
        description = "Say how close two videos are, frame by frame, at the size of the first.")
final class CompareCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A", description = "The original.")
    private Path a;

    @Parameters(index = "1", paramLabel = "B", description = "What became of it.")
    private Path b;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "PSNR and SSIM of every frame as JSON.")
    private @Nullable Path metrics;

    @Option(names = "--json", description = "JSON instead of text.")
    private boolean json;

    CompareCommand() {}

    /**
     * Two clips in numbers.
     *
     * @param psnr of the mean squared error over all frames, dB
     * @param ssim mean over frames
     * @param worstFrame index of the frame with the lowest PSNR
     * @param notes where the clips differ in size or length
     */
    private record Comparison(
            String a,
            String b,
            int width,
            int height,
            int frames,
            double psnr,
            double ssim,
            int worstFrame,
            FrameQuality worst,
            List<String> notes) {}

    /** What {@code --metrics} holds. */
    private record Metrics(Comparison comparison, List<FrameQuality> frames) {}

    @Override
    public Integer call() {
        List<FrameQuality> qualities = new ArrayList<>();
        Comparison comparison = compare(qualities);
        if (metrics != null) {
            Json.write(metrics, new Metrics(comparison, qualities));
        }
        if (json) {
            Json.print(comparison);
        } else {
            print(comparison);
        }
        return 0;
    }

    private Comparison compare(List<FrameQuality> qualities) {
        List<String> notes = new ArrayList<>();
        Progress progress = new Progress(!json, "frames");
        try (FrameReader first = FrameReader.open(a);
                FrameReader second = FrameReader.open(b)) {
            ClipInfo size = first.info();
            ClipInfo other = second.info();
            if (size.width() != other.width() || size.height() != other.height()) {
                second.scaledTo(size.width(), size.height());
                notes.add(
                        "B is %d x %d and was scaled to the size of A, %d x %d."
                                .formatted(
                                        other.width(),
                                        other.height(),
                                        size.width(),
                                        size.height()));
            }
            long expected = Math.min(size.frames(), other.frames());
            Frame x = first.read();
            Frame y = second.read();
            while (x != null && y != null) {
                qualities.add(FrameComparison.compare(x, y));
                int done = qualities.size();
                progress.show(done, Math.max(expected, done), "");
                x = first.read();
                y = second.read();
            }
            if (x != null || y != null) {
                notes.add(
                        "%s is longer; the first %d frames were compared."
                                .formatted(x == null ? "B" : "A", qualities.size()));
            }
            return summary(size, qualities, notes);
        } finally {
            progress.close();
        }
    }

    private Comparison summary(ClipInfo size, List<FrameQuality> qualities, List<String> notes) {
        int worst = 0;
        double squaredError = 0;
        double ssim = 0;
        for (int i = 0; i < qualities.size(); i++) {
            FrameQuality quality = qualities.get(i);
            squaredError += FrameComparison.meanSquaredError(quality.psnr());
            ssim += quality.ssim();
            if (quality.psnr() < qualities.get(worst).psnr()) {
                worst = i;
            }
        }
        int n = qualities.size();
        return new Comparison(
                a.toString(),
                b.toString(),
                size.width(),
                size.height(),
                n,
                FrameComparison.psnr(squaredError / n),
                ssim / n,
                worst,
                qualities.get(worst),
                notes);
    }

    private void print(Comparison c) {
        System.out.printf("Frames  %d of %d x %d%n", c.frames(), c.width(), c.height());
        System.out.printf("PSNR    %s%n", decibels(c.psnr()));
        System.out.printf("SSIM    %.4f%n", c.ssim());
        System.out.printf(
                "Worst   frame %d: %s, SSIM %.4f%n",
                c.worstFrame(), decibels(c.worst().psnr()), c.worst().ssim());
        c.notes().forEach(System.out::println);
        if (metrics != null) {
            System.out.println("Saved   " + metrics);
        }
    }

    private static String decibels(double psnr) {
        return Double.isInfinite(psnr) ? "equal" : "%.2f dB".formatted(psnr);
    }
}
