package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.prompt.PromptTokenizer;
import dev.zoetrope.prompt.Tokens;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent.Extracted;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.TrainingClip;
import dev.zoetrope.train.ClipCache;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Brings clips and captions into a cache as latents and states of words. Clips are made on all
 * processors while the device encodes those before them.
 */
final class ClipExtraction {
    private static final int CLIPS = 32;
    private static final int CAPTIONS = 128;

    /** Batches of clips that are made ahead. */
    private static final int AHEAD = 3;

    /** Between the clips of two seeds. */
    private static final long SEED_STRIDE = 1_000_000_007L;

    private final DenoiserTrainingRequest request;
    private final Kernels k = Kernels.inference();
    private final Consumer<? super DenoiserTrainingEvent> events;
    private final Cancellation stop;

    ClipExtraction(
            DenoiserTrainingRequest request,
            Consumer<? super DenoiserTrainingEvent> events,
            Cancellation stop) {
        this.request = request;
        this.events = events;
        this.stop = stop;
    }

    /**
     * Latents of all clips that are not there yet.
     *
     * @param into of each of the request's shapes
     */
    void latents(
            CodecCheckpoint checkpoint, Supplier<ClipSource> source, List<ClipCache.Clips> into)
            throws InterruptedException {
        long missing = 0;
        for (int shape = 0; shape < into.size(); shape++) {
            missing += Math.max(0, clips(shape) - into.get(shape).count());
        }
        if (missing == 0) {
            return;
        }
        try (NDManager manager = Kernels.newManager();
                ExecutorService threads =
                        Executors.newFixedThreadPool(
                                Runtime.getRuntime().availableProcessors(),
                                Thread.ofPlatform().name("clip-", 0).daemon().factory())) {
            Codec codec = checkpoint.load(manager, k, Precision.FP32);
            ClipSource clips = source.get();
            try {
                for (int shape = 0; shape < into.size(); shape++) {
                    latents(manager, codec, clips, threads, shape, into);
                }
            } finally {
                threads.shutdownNow();
            }
            if (!clips.skipped().isEmpty()) {
                events.accept(new DenoiserTrainingEvent.LeftOut(List.copyOf(clips.skipped())));
            }
        }
    }

    private int clips(int shape) {
        int shapes = request.shapes().size();
        return Math.ceilDiv(request.clips() - shape, shapes);
    }

    private void latents(
            NDManager manager,
            Codec codec,
            ClipSource source,
            ExecutorService threads,
            int shape,
            List<ClipCache.Clips> into)
            throws InterruptedException {
        ClipCache.Clips clips = into.get(shape);
        long total = clips(shape);
        if (clips.count() >= total) {
            return;
        }
        // In the batches of an extraction that never stopped, to the same bits.
        clips.keep(clips.count() / CLIPS * CLIPS);
        Queue<List<Future<TrainingClip>>> coming = new ArrayDeque<>();
        long next = clips.count();
        while (clips.count() < total) {
            stop.check();
            while (coming.size() < AHEAD && next < total) {
                List<Future<TrainingClip>> batch = new ArrayList<>();
                for (int i = 0; i < CLIPS && next < total; i++, next++) {
                    long index = index(shape, next);
                    batch.add(
                            threads.submit(() -> source.clip(index, request.shapes().get(shape))));
                }
                coming.add(batch);
            }
            add(manager, codec, made(coming.remove()), request.shapes().get(shape), clips);
            long done = into.stream().mapToLong(ClipCache.Clips::count).sum();
            events.accept(new Extracted(Extracted.What.LATENTS, done, request.clips()));
        }
    }

    /** The clips of all shapes in turn, so that more of them leave those there as they are. */
    private long index(int shape, long clip) {
        return Math.abs(request.seed() * SEED_STRIDE) + clip * request.shapes().size() + shape;
    }

    private static List<TrainingClip> made(List<Future<TrainingClip>> batch)
            throws InterruptedException {
        List<TrainingClip> clips = new ArrayList<>();
        for (Future<TrainingClip> one : batch) {
            try {
                clips.add(one.get());
            } catch (ExecutionException e) {
                // Only unchecked ones: a source declares nothing else.
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException(e);
            }
        }
        return clips;
    }

    private void add(
            NDManager manager,
            Codec codec,
            List<TrainingClip> batch,
            ClipShape shape,
            ClipCache.Clips into) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(batch.size() * shape.bytes());
        batch.forEach(clip -> rgb.put(clip.rgb()));
        Shape bytes = new Shape(batch.size(), shape.frames(), shape.height(), shape.width(), 3);
        ByteBuffer whole =
                latents(
                        manager,
                        scratch ->
                                codec.encode(
                                        codec.pixels(
                                                scratch.create(
                                                        rgb.flip(), bytes, DataType.UINT8))));
        Optional<ByteBuffer> first =
                into.haveFirst()
                        ? Optional.of(
                                latents(manager, scratch -> firstFrames(scratch, codec, batch)))
                        : Optional.empty();
        into.add(batch.stream().map(TrainingClip::caption).toList(), whole, first);
    }

    /** What a clip that begins with the same pictures is given of them. */
    private static NDArray firstFrames(NDManager scratch, Codec codec, List<TrainingClip> batch) {
        ClipShape shape = batch.getFirst().shape();
        int size = shape.bytes() / shape.frames();
        List<ByteBuffer> pictures = batch.stream().map(clip -> clip.rgb().slice(0, size)).toList();
        return HeldPicture.encode(codec, scratch, pictures, shape.height(), shape.width());
    }

    private ByteBuffer latents(NDManager manager, Function<NDManager, NDArray> made) {
        try (NDManager scratch = manager.newSubManager()) {
            return halves(k.contiguous(made.apply(scratch)));
        }
    }

    /** States of all captions that are not there yet. */
    void words(
            TextEncoderCheckpoint checkpoint,
            Path tokenizer,
            Conditioning.ByText conditioning,
            List<String> captions,
            ClipCache.Words into) {
        if (into.count() >= captions.size()) {
            return;
        }
        try (NDManager manager = Kernels.newManager();
                PromptTokenizer cutter = PromptTokenizer.open(tokenizer)) {
            LoadedTextEncoder encoder = checkpoint.load(manager, k, Precision.FP32);
            int whole = (int) into.count() / CAPTIONS * CAPTIONS;
            into.keep(whole);
            for (int from = whole; from < captions.size(); from += CAPTIONS) {
                stop.check();
                List<Tokens> tokens =
                        captions.subList(from, Math.min(from + CAPTIONS, captions.size())).stream()
                                .map(text -> clean(conditioning, text))
                                .map(text -> cutter.encode(text, conditioning.words()))
                                .toList();
                try (NDManager scratch = manager.newSubManager()) {
                    NDArray ids = rows(scratch, tokens.stream().map(Tokens::ids).toList());
                    NDArray mask = rows(scratch, tokens.stream().map(Tokens::mask).toList());
                    into.add(
                            tokens.stream().map(ClipExtraction::used).toList(),
                            halves(encoder.encode(ids, mask)));
                }
                events.accept(
                        new Extracted(Extracted.What.CAPTIONS, into.count(), captions.size()));
            }
        }
    }

    private static String clean(Conditioning.ByText conditioning, String text) {
        return conditioning.cleaner().map(cleaner -> cleaner.clean(text)).orElse(text);
    }

    private static int used(Tokens tokens) {
        return (int) Arrays.stream(tokens.mask()).sum();
    }

    private static NDArray rows(NDManager manager, List<long[]> rows) {
        long[] all = rows.stream().flatMapToLong(Arrays::stream).toArray();
        return manager.create(all, new Shape(rows.size(), rows.getFirst().length));
    }

    private ByteBuffer halves(NDArray x) {
        try (NDArray halves = k.cast(x, Kernels.FLOAT16)) {
            return halves.toByteBuffer();
        }
    }
}
