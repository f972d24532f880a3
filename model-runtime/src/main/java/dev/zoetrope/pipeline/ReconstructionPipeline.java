package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDManager;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.util.concurrent.Uninterruptibles;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.pipeline.MemoryLadder.Work;
import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.reconstruction.CodebookUse;
import dev.zoetrope.runtime.reconstruction.FrameComparison;
import dev.zoetrope.runtime.reconstruction.FrameQuality;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionSummary;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One reconstruction: frames are read and scaled on a thread of their own, coded window by window
 * here, measured and written. Files appear at their places when the whole clip is done.
 *
 * <p>The job's folder keeps the frames of each window. Given that folder again, the same request
 * comes to the same files: frames are read, measured and written again, but coded only from the
 * last window on that was kept.
 */
final class ReconstructionPipeline {
    private static final int OVERLAP = 6;
    private static final int READ_AHEAD = 24;

    private final ReconstructionRequest request;
    private final CodecCheckpoint checkpoint;
    private final Precision precision;
    private final JobFolder folder;
    private final Kernels k;
    private final Consumer<? super ReconstructionEvent> events;
    private final Cancellation stop;

    private final List<FrameQuality> qualities = new ArrayList<>();
    private double squaredError;
    private double ssim;

    /**
     * @param folder of this job alone
     * @param kernels to compute with
     */
    ReconstructionPipeline(
            ReconstructionRequest request,
            CodecCheckpoint checkpoint,
            Precision precision,
            JobFolder folder,
            Kernels kernels,
            Consumer<? super ReconstructionEvent> events,
            Cancellation stop) {
        this.request = request;
        this.checkpoint = checkpoint;
        this.precision = precision;
        this.folder = folder;
        this.events = events;
        this.stop = stop;
        this.k = kernels.checking(stop::check);
    }

    /**
     * Does the work on the calling thread.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException for media that cannot be read or
     *     written, and {@link Problem.OutOfMemory}
     * @throws dev.zoetrope.runtime.job.CancelledException when cancelled; beside the job's folder
     *     no file is left then
     */
    void run() throws InterruptedException {
        long start = System.nanoTime();
        try (NDManager manager = Kernels.newManager();
                FrameReader reader = FrameReader.open(request.input())) {
            ClipInfo source = reader.info();
            // A reader that is sent past the end stays on the last frame, which nobody asked for.
            if (request.startSeconds() > 0
                    && request.startSeconds() * 1e6 >= source.durationMicros()) {
                throw nothingThere();
            }
            Size size = Size.of(source, request);
            reader.scaledTo(size.width, size.height);
            int window = window(checkpoint);
            int overlap = overlap(window);
            long frames = expectedFrames(source, request);
            KeptWindows kept = new KeptWindows(folder, fingerprint(size, window, overlap));
            events.accept(
                    new ReconstructionEvent.Began(
                            source, size.width, size.height, source.fps(), frames, precision));
            if (kept.isBegun()) {
                say(new Notice.Resumed("after the frames that were done"));
            }
            try (FrugalCodec model =
                            new FrugalCodec(
                                    checkpoint,
                                    manager,
                                    k,
                                    precision,
                                    work(size, window),
                                    this::say);
                    WindowedCodec codec = new WindowedCodec(model, manager, window, overlap, kept);
                    Outputs outputs = new Outputs(size, source, frames)) {
                code(reader, codec, outputs);
                ReconstructionSummary summary = summary(codec, size, start);
                outputs.finish(summary);
                events.accept(new ReconstructionEvent.Saved(request, summary));
            }
        }
    }

    private void say(Notice notice) {
        events.accept(new ReconstructionEvent.Adjusted(notice));
    }

    /** Of all that the frames depend on. */
    private String fingerprint(Size size, int window, int overlap) {
        try {
            return Fingerprint.of(
                    List.of(
                            request.input().toString(),
                            String.valueOf(Files.size(request.input())),
                            Files.getLastModifiedTime(request.input()).toString(),
                            String.valueOf(request.startSeconds()),
                            request.frames().toString(),
                            size.toString(),
                            "%d %d %s".formatted(window, overlap, precision),
                            Fingerprint.of(new Component(checkpoint.weights()))));
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(request.input(), e).asException(e);
        }
    }

    /** The memory it takes grows with the area, whatever it is. */
    private static Work work(Size size, int window) {
        return new Work(
                "%d frames of %d x %d".formatted(window, size.width, size.height),
                share ->
                        "Close other programs, or choose a resolution of %d pixels: that should fit."
                                .formatted(
                                        (int)
                                                (Math.min(size.width, size.height)
                                                        * Math.sqrt(share))));
    }

    private void code(FrameReader reader, WindowedCodec codec, Outputs outputs)
            throws InterruptedException {
        try (ReadAhead frames = new ReadAhead(reader)) {
            for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
                stop.check();
                pass(codec.add(frame), outputs);
            }
        }
        stop.check();
        pass(codec.finish(), outputs);
        if (qualities.isEmpty()) {
            throw nothingThere();
        }
    }

    private RuntimeException nothingThere() {
        return new Impossible.StartBeyondEnd(request.startSeconds(), request.input()).asException();
    }

    private void pass(WindowedCodec.Rebuilt rebuilt, Outputs outputs) {
        for (int i = 0; i < rebuilt.originals().size(); i++) {
            stop.check();
            Frame original = rebuilt.originals().get(i);
            Frame reconstruction = rebuilt.reconstructions().get(i);
            FrameQuality quality = FrameComparison.compare(original, reconstruction);
            squaredError += FrameComparison.meanSquaredError(quality.psnr());
            ssim += quality.ssim();
            outputs.write(original, reconstruction);
            events.accept(
                    new ReconstructionEvent.Compared(
                            qualities.size(), original, reconstruction, quality));
            qualities.add(quality);
        }
    }

    /** Frames that are coded at once. */
    static int window(CodecCheckpoint checkpoint) {
        return checkpoint.grid().lengths().atLeast(checkpoint.sequenceLength());
    }

    /** Frames that neighbouring windows share. */
    static int overlap(int window) {
        return 2 * OVERLAP < window ? OVERLAP : 0;
    }

    static long expectedFrames(ClipInfo source, ReconstructionRequest request) {
        long skipped = Math.round(request.startSeconds() * source.fps());
        long rest = Math.max(1, source.frames() - skipped);
        return Math.min(rest, request.frames().orElse(Long.MAX_VALUE));
    }

    private ReconstructionSummary summary(WindowedCodec codec, Size size, long start) {
        int n = qualities.size();
        double pixelBits = 24.0 * size.width * size.height * n;
        return new ReconstructionSummary(
                n,
                FrameComparison.psnr(squaredError / n),
                ssim / n,
                codec.codebook(),
                pixelBits / codec.bits(),
                Duration.ofNanos(codec.nanos()),
                Duration.ofNanos(System.nanoTime() - start));
    }

    /** The size of the result: the source's, or its shorter side at what was asked for. */
    record Size(int width, int height) {
        static Size of(ClipInfo source, ReconstructionRequest request) {
            if (request.resolution().isEmpty()) {
                return new Size(source.width(), source.height());
            }
            int side = request.resolution().getAsInt();
            double scale = (double) side / Math.min(source.width(), source.height());
            return new Size(
                    (int) Math.max(1, Math.round(source.width() * scale)),
                    (int) Math.max(1, Math.round(source.height() * scale)));
        }
    }

    /** Decodes on a thread of its own, at most {@value #READ_AHEAD} frames ahead. */
    private final class ReadAhead implements AutoCloseable {
        private final BlockingQueue<Optional<Frame>> queue = new ArrayBlockingQueue<>(READ_AHEAD);
        private final FrameReader reader;
        private final Thread thread;
        private volatile @Nullable RuntimeException failure;
        private volatile boolean closed;

        ReadAhead(FrameReader reader) {
            this.reader = reader;
            this.thread = Thread.ofPlatform().name("frame-reader").daemon().start(this::read);
        }

        private void read() {
            try {
                if (request.startSeconds() > 0) {
                    reader.seekMicros(Math.round(request.startSeconds() * 1e6));
                }
                long left = request.frames().orElse(Long.MAX_VALUE);
                for (; left > 0; left--) {
                    Frame frame = reader.read();
                    if (frame == null || !offer(Optional.of(frame))) {
                        break;
                    }
                }
            } catch (RuntimeException e) {
                failure = e;
            }
            offer(Optional.empty());
        }

        /** Waits for room; false once closed. */
        private boolean offer(Optional<Frame> frame) {
            try {
                while (!closed) {
                    if (queue.offer(frame, 100, TimeUnit.MILLISECONDS)) {
                        return true;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        }

        @Nullable Frame next() throws InterruptedException {
            while (true) {
                stop.check();
                Optional<Frame> frame = queue.poll(100, TimeUnit.MILLISECONDS);
                if (frame != null) {
                    if (frame.isEmpty() && failure != null) {
                        throw failure;
                    }
                    return frame.orElse(null);
                }
            }
        }

        /** The reader belongs to its thread until that has ended. */
        @Override
        public void close() {
            closed = true;
            Uninterruptibles.joinUninterruptibly(thread);
        }
    }

    /** The files that were asked for; without {@link #finish} none of them remains. */
    private final class Outputs implements AutoCloseable {
        private final FrameWriter reconstruction;
        private final @Nullable FrameWriter sideBySide;

        Outputs(Size size, ClipInfo source, long frames) {
            reconstruction = writer(request.output(), size.width, size, source, frames);
            try {
                sideBySide =
                        request.sideBySide().isPresent()
                                ? writer(
                                        request.sideBySide().get(),
                                        2 * size.width,
                                        size,
                                        source,
                                        frames)
                                : null;
            } catch (RuntimeException e) {
                reconstruction.close();
                throw e;
            }
        }

        private FrameWriter writer(Path file, int width, Size size, ClipInfo source, long frames) {
            VideoFormat format = VideoFormat.of(file);
            FrameWriter writer =
                    FrameWriter.create(
                            file,
                            format,
                            width,
                            size.height,
                            source.fps(),
                            ClipTags.of(request, file, checkpoint, precision));
            if (source.audio()) {
                writer.keepAudioOf(request.input(), request.startSeconds(), frames / source.fps());
            }
            return writer;
        }

        void write(Frame original, Frame result) {
            reconstruction.write(result);
            if (sideBySide != null) {
                sideBySide.write(beside(original, result));
            }
        }

        void finish(ReconstructionSummary summary) {
            reconstruction.finish();
            if (sideBySide != null) {
                sideBySide.finish();
            }
            request.metrics().ifPresent(file -> writeMetrics(file, summary));
        }

        @Override
        public void close() {
            reconstruction.close();
            if (sideBySide != null) {
                sideBySide.close();
            }
        }
    }

    private static Frame beside(Frame left, Frame right) {
        int w = left.width();
        ByteBuffer rgb = ByteBuffer.allocateDirect(6 * w * left.height());
        for (int row = 0; row < left.height(); row++) {
            for (Frame frame : List.of(left, right)) {
                rgb.put(frame.rgb().slice(row * 3 * w, 3 * w));
            }
        }
        return new Frame(2 * w, left.height(), rgb.flip(), left.timeMicros());
    }

    /** What {@code --metrics} holds. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Metrics(
            String input,
            double psnr,
            double ssim,
            @Nullable CodebookUse codebook,
            List<FrameQuality> frames) {}

    private void writeMetrics(Path file, ReconstructionSummary summary) {
        Metrics metrics =
                new Metrics(
                        request.input().toString(),
                        summary.psnr(),
                        summary.ssim(),
                        summary.codebook().orElse(null),
                        qualities);
        try {
            WholeFile.write(file, JsonMapper.builder().build().writeValueAsBytes(metrics));
        } catch (IOException e) {
            throw new Problem.FileInaccessible(file, String.valueOf(e.getMessage())).asException(e);
        }
    }
}
