package dev.zoetrope.cli;

import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionSummary;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;

/** {@code zoetrope reconstruct}. */
@Command(
        name = "reconstruct",
        description = "Compress a video with a codec, rebuild it and say how close it comes.")
final class ReconstructCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A video, an animation or a picture.")
    private Path file;

    @Option(
            names = "--codec",
            paramLabel = "NAME|DIR",
            converter = PlaceConverter.class,
            description = "An installed codec, a model folder or a weight file.")
    private @Nullable String codec;

    @Option(
            names = "--resolution",
            paramLabel = "PX",
            description = "Shorter side of the result; the source's own without it.")
    private @Nullable Integer resolution;

    @Option(names = "--start", paramLabel = "S", description = "Seconds to skip.")
    private double start;

    @Option(names = "--frames", paramLabel = "N", description = "How many frames; all without it.")
    private @Nullable Long frames;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "The result: .mp4, .webm, .webp, .gif or a folder of PNG frames."
                            + " FILE-reconstruction.mp4 in this folder without it.")
    private @Nullable Path output;

    @Option(
            names = "--side-by-side",
            paramLabel = "FILE",
            description = "One more video, the original on the left.")
    private @Nullable Path sideBySide;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "PSNR and SSIM of every frame as JSON.")
    private @Nullable Path metrics;

    @Option(
            names = "--precision",
            description = "${COMPLETION-CANDIDATES}; the fastest of this processor without it.")
    private @Nullable Precision precision;

    @Option(
            names = "--no-metadata",
            description = "Leave out of the videos how they were made: no file name, no title.")
    private boolean noMetadata;

    @Option(
            names = "--dry-run",
            description = "Say how long it would take and in how much memory, and do nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "JSON lines instead of text.")
    private boolean json;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    ReconstructCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        check();
        try (ModelRuntime runtime = Runtimes.open()) {
            ReconstructionRequest request =
                    new ReconstructionRequest(
                            file,
                            codec == null ? defaultCodec(runtime) : codec,
                            resolution == null ? OptionalInt.empty() : OptionalInt.of(resolution),
                            start,
                            frames == null ? OptionalLong.empty() : OptionalLong.of(frames),
                            output == null ? defaultOutput() : output,
                            Optional.ofNullable(sideBySide),
                            Optional.ofNullable(metrics),
                            Optional.ofNullable(precision),
                            !noMetadata);
            if (dryRun) {
                describe(request, runtime.estimateReconstruction(request));
                return 0;
            }
            Report report = new Report(json);
            int exit =
                    new Foreground(1).await(runtime.reconstruct(request, new Patience<>(report)));
            report.progress.close();
            return exit;
        }
    }

    private void describe(ReconstructionRequest request, Estimate estimate) {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("seconds", estimate.seconds());
            fields.put("memoryBytes", estimate.memory());
            estimate.deviceMemory().ifPresent(bytes -> fields.put("deviceMemoryBytes", bytes));
            fields.put("resultBytes", estimate.result());
            fields.put("keptBytes", estimate.kept());
            fields.put("basis", estimate.basis());
            fields.put("measurements", estimate.measurements());
            fields.put("warnings", estimate.warnings());
            Json.print(fields);
            return;
        }
        System.out.printf(
                "Time   %s, in %s%s%n",
                Ranges.seconds(estimate.seconds()),
                Ranges.memory(estimate),
                estimate.basis() == Estimate.Basis.THIS_MODEL
                        ? ""
                        : "; a guess, until this codec has rebuilt a video here");
        System.out.println("Would be saved to " + request.output());
        estimate.warnings().forEach(System.err::println);
    }

    private void check() {
        usage(
                resolution == null || (resolution >= 8 && resolution <= 8192),
                "--resolution is 8 to 8192");
        usage(start >= 0 && Double.isFinite(start), "--start is 0 or more");
        usage(frames == null || frames >= 1, "--frames is 1 or more");
    }

    private void usage(boolean fine, String text) {
        if (!fine) {
            throw new CommandLine.ParameterException(spec.commandLine(), text);
        }
    }

    /** The first of the installed codecs. */
    static String defaultCodec(ModelRuntime runtime) {
        return runtime.codecs().stream()
                .findFirst()
                .orElseThrow(() -> new Impossible.CodecMissing().asException());
    }

    private Path defaultOutput() {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        Path candidate = Path.of(stem + "-reconstruction.mp4");
        for (int i = 2; Files.exists(candidate); i++) {
            candidate = Path.of("%s-reconstruction-%d.mp4".formatted(stem, i));
        }
        return candidate;
    }

    /** Prints on the device's thread, which is fine: it is quick. */
    private static final class Report implements JobListener<ReconstructionEvent> {
        private final boolean json;
        private final Progress progress;
        private long expected;
        private double psnr;

        Report(boolean json) {
            this.json = json;
            this.progress = new Progress(!json, "frames");
        }

        @Override
        public void onEvent(ReconstructionEvent event) {
            switch (event) {
                case ReconstructionEvent.Began began -> {
                    expected = began.frames();
                    line(
                            Map.of(
                                    "event", "began",
                                    "width", began.width(),
                                    "height", began.height(),
                                    "fps", began.fps(),
                                    "frames", began.frames(),
                                    "precision", began.precision()));
                }
                case ReconstructionEvent.Adjusted(var notice) -> {
                    if (!json) {
                        progress.close();
                        System.err.println(notice.text());
                    }
                    line(Map.of("event", "adjusted", "notice", notice.text()));
                }
                case ReconstructionEvent.Compared(long index, _, _, var quality) -> {
                    psnr += (Math.min(quality.psnr(), 100) - psnr) / (index + 1);
                    progress.show(
                            index + 1, Math.max(expected, index + 1), "%.1f dB".formatted(psnr));
                    line(
                            Map.of(
                                    "event",
                                    "compared",
                                    "frame",
                                    index,
                                    "psnr",
                                    quality.psnr(),
                                    "ssim",
                                    quality.ssim()));
                }
                case ReconstructionEvent.Saved(var request, var summary) -> {
                    progress.close();
                    saved(request, summary);
                }
            }
        }

        private void saved(ReconstructionRequest request, ReconstructionSummary s) {
            // Containers that do not say how many frames they have are guessed right to a few.
            if (s.frames() < 0.9 * expected) {
                System.err.printf(
                        "%s is cut off or damaged: %d of about %d frames could be read.%n",
                        request.input(), s.frames(), expected);
            }
            double seconds = s.totalTime().toMillis() / 1e3;
            if (json) {
                line(
                        Map.of(
                                "event", "saved",
                                "output", request.output().toString(),
                                "psnr", s.psnr(),
                                "ssim", s.ssim(),
                                "frames", s.frames(),
                                "codebook", s.codebook(),
                                "compression", s.compression(),
                                "seconds", seconds));
                return;
            }
            System.out.printf("PSNR   %.2f dB%n", s.psnr());
            System.out.printf("SSIM   %.4f%n", s.ssim());
            System.out.printf(
                    "%s%.0f times smaller than the pixels%n",
                    s.codebook()
                            .map(book ->
                                    "Codes  %d of %d used, ".formatted(book.used(), book.size()))
                            .orElse("Size   "),
                    s.compression());
            System.out.printf(
                    "Time   %.1f s for %d frames (%.1f frames/s)%n",
                    seconds, s.frames(), s.frames() / seconds);
            System.out.println("Saved  " + request.output());
            request.sideBySide().ifPresent(f -> System.out.println("Saved  " + f));
            request.metrics().ifPresent(f -> System.out.println("Saved  " + f));
        }

        private void line(Map<String, Object> fields) {
            if (json) {
                Json.print(fields);
            }
        }
    }
}
