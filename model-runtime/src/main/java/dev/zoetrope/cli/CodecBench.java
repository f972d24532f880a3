package dev.zoetrope.cli;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.device.Processor;
import dev.zoetrope.runtime.device.ResidentMemory;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionSummary;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * How fast a clip of 10 s is reconstructed: the same clip through the same codec in each precision,
 * in turn, so that whatever else the machine does meets all.
 */
final class CodecBench {
    private static final ClipShape CLIP = new ClipShape(300, 256, 256);
    private static final int FPS = 30;
    private static final long WARM_UP_FRAMES = 32;
    private static final int ROUNDS = 2;
    private static final String SOURCE = "paper-theatre";

    private final @Nullable String codec;
    private final List<Precision> precisions;
    private final boolean json;
    private final ResidentMemory memory = ResidentMemory.ofThisProcess();

    /**
     * @param codec an installed codec, a model folder or a weight file; null for the default
     */
    CodecBench(@Nullable String codec, List<Precision> precisions, boolean json) {
        this.codec = codec;
        this.precisions = List.copyOf(precisions);
        this.json = json;
    }

    /**
     * One precision: the faster of its rounds, and the most memory of all of them.
     *
     * @param seconds from the file to the file
     * @param framesPerSecond from the file to the file
     * @param codecFramesPerSecond in the codec alone
     * @param peakMiB resident memory; null where the system does not tell
     */
    private record Measured(
            Precision precision,
            double seconds,
            double framesPerSecond,
            double codecFramesPerSecond,
            double psnr,
            @Nullable Long peakMiB) {}

    /**
     * The whole run.
     *
     * @param ratio codec frames per second in bf16 over those in fp32; null without one of them
     */
    private record Result(
            String processor,
            int threads,
            String codec,
            int frames,
            int width,
            int height,
            List<Measured> measured,
            @Nullable Double ratio) {}

    /** The exit code. */
    int run() throws InterruptedException, IOException {
        Path folder = Files.createTempDirectory("zoetrope-bench");
        try (ModelRuntime runtime = LocalRuntime.open(UserFolders.ofThisSystem())) {
            String chosen = codec == null ? ReconstructCommand.defaultCodec(runtime) : codec;
            Path clip = folder.resolve("clip.mp4");
            writeClip(clip);
            Bench bench = new Bench(runtime, chosen, clip, folder.resolve("result.mp4"));
            for (Precision precision : precisions) {
                int exit = bench.run(precision, OptionalLong.of(WARM_UP_FRAMES));
                if (exit != 0) {
                    return exit;
                }
            }
            bench.rounds.clear();
            for (int round = 0; round < ROUNDS; round++) {
                for (Precision precision : precisions) {
                    int exit = bench.run(precision, OptionalLong.empty());
                    if (exit != 0) {
                        return exit;
                    }
                }
            }
            report(chosen, bench);
            return 0;
        } finally {
            deleteAll(folder);
        }
    }

    private static void writeClip(Path file) {
        ClipSource source =
                ServiceLoader.load(ClipSource.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(found -> found.name().equals(SOURCE))
                        .findFirst()
                        .orElseThrow(() ->
                                new Problem.ImpossibleRequest(
                                                "The clip generator %s is not installed."
                                                        .formatted(SOURCE),
                                                "Start Zoetrope with its own launcher.")
                                        .asException());
        ByteBuffer rgb = source.clip(1, CLIP).rgb();
        int size = rgb.remaining() / CLIP.frames();
        try (FrameWriter writer =
                FrameWriter.create(
                        file, VideoFormat.MP4, CLIP.width(), CLIP.height(), FPS, Map.of())) {
            for (int i = 0; i < CLIP.frames(); i++) {
                ByteBuffer frame = rgb.slice(i * size, size);
                long micros = i * 1_000_000L / FPS;
                writer.write(new Frame(CLIP.width(), CLIP.height(), frame, micros));
            }
            writer.finish();
        }
    }

    private void report(String chosen, Bench bench) {
        List<Measured> measured = new ArrayList<>();
        bench.rounds.forEach((precision, rounds) -> {
            ReconstructionSummary best =
                    rounds.stream()
                            .min(Comparator.comparing(ReconstructionSummary::totalTime))
                            .orElseThrow();
            measured.add(
                    new Measured(
                            precision,
                            best.totalTime().toMillis() / 1e3,
                            best.frames() * 1e3 / best.totalTime().toMillis(),
                            best.frames() * 1e3 / best.codecTime().toMillis(),
                            best.psnr(),
                            bench.peaks.get(precision)));
        });
        Result result =
                new Result(
                        Processor.name(),
                        Runtime.getRuntime().availableProcessors(),
                        chosen,
                        CLIP.frames(),
                        CLIP.width(),
                        CLIP.height(),
                        measured,
                        precisions.containsAll(List.of(Precision.FP32, Precision.BF16))
                                ? codecSpeed(measured, Precision.BF16)
                                        / codecSpeed(measured, Precision.FP32)
                                : null);
        if (json) {
            Json.print(result);
        } else {
            print(result);
        }
    }

    private static double codecSpeed(List<Measured> measured, Precision precision) {
        return measured.stream()
                .filter(m -> m.precision() == precision)
                .mapToDouble(Measured::codecFramesPerSecond)
                .findFirst()
                .orElseThrow();
    }

    private static void print(Result r) {
        System.out.printf(
                "%s, %d threads; %d frames of %d x %d with %s%n",
                r.processor(), r.threads(), r.frames(), r.width(), r.height(), r.codec());
        System.out.println("       seconds  frames/s  in the codec      PSNR  peak memory");
        for (Measured m : r.measured()) {
            System.out.printf(
                    "%-5s %8.1f  %8.1f  %12.1f  %5.2f dB  %s%n",
                    m.precision(),
                    m.seconds(),
                    m.framesPerSecond(),
                    m.codecFramesPerSecond(),
                    m.psnr(),
                    m.peakMiB() == null ? "unknown" : "%7d MiB".formatted(m.peakMiB()));
        }
        if (r.ratio() != null) {
            System.out.printf("BF16 is %.2f times as fast as FP32 in the codec%n", r.ratio());
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Runs one reconstruction after the other and keeps what it hears of them. */
    private final class Bench {
        private final ModelRuntime runtime;
        private final String codec;
        private final Path clip;
        private final Path output;
        private final Map<Precision, List<ReconstructionSummary>> rounds =
                new EnumMap<>(Precision.class);
        private final Map<Precision, Long> peaks = new EnumMap<>(Precision.class);

        Bench(ModelRuntime runtime, String codec, Path clip, Path output) {
            this.runtime = runtime;
            this.codec = codec;
            this.clip = clip;
            this.output = output;
        }

        int run(Precision precision, OptionalLong frames) throws InterruptedException {
            memory.resetPeak();
            Progress progress = new Progress(!json, "frames");
            ReconstructionRequest request =
                    new ReconstructionRequest(
                            clip,
                            codec,
                            OptionalInt.empty(),
                            0,
                            frames,
                            output,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(precision),
                            true);
            Listener listener = new Listener(precision, progress);
            int exit = new Foreground(1).await(runtime.reconstruct(request, listener));
            progress.close();
            memory.peakMiB().ifPresent(peak -> peaks.merge(precision, peak, Math::max));
            return exit;
        }

        private final class Listener implements JobListener<ReconstructionEvent> {
            private final Precision precision;
            private final Progress progress;
            private long expected;

            Listener(Precision precision, Progress progress) {
                this.precision = precision;
                this.progress = progress;
            }

            @Override
            public void onEvent(ReconstructionEvent event) {
                switch (event) {
                    case ReconstructionEvent.Began began -> expected = began.frames();
                    case ReconstructionEvent.Compared compared ->
                            progress.show(compared.index() + 1, expected, precision.name());
                    case ReconstructionEvent.Adjusted(var notice) ->
                            System.err.println(notice.text());
                    case ReconstructionEvent.Saved(_, var summary) ->
                            rounds.computeIfAbsent(precision, _ -> new ArrayList<>()).add(summary);
                }
            }
        }
    }
}
