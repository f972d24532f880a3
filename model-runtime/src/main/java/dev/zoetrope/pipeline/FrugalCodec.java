package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.Notice;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A codec that goes down a {@link MemoryLadder} rather than fail. */
final class FrugalCodec implements Codec, AutoCloseable {
    private final CodecCheckpoint checkpoint;
    private final MemoryLadder<Codec> ladder;

    /**
     * @param parent owns what is loaded until this is closed
     * @param k what to compute with
     * @param say hears of each step down
     */
    FrugalCodec(
            CodecCheckpoint checkpoint,
            NDManager parent,
            Kernels k,
            Precision precision,
            MemoryLadder.Work work,
            Consumer<? super Notice> say) {
        this.checkpoint = checkpoint;
        this.ladder =
                new MemoryLadder<>(
                        parent,
                        precision,
                        checkpoint.portions(),
                        (manager, portion, p) -> checkpoint.load(manager, k, p, portion),
                        work,
                        say);
    }

    @Override
    public CodecGrid grid() {
        return checkpoint.grid();
    }

    @Override
    public OptionalInt codebookSize() {
        return ladder.get(Codec::codebookSize);
    }

    @Override
    public NDArray pixels(NDArray bytes) {
        return ladder.get(codec -> from(bytes, codec::pixels));
    }

    @Override
    public NDArray encode(NDArray pixels) {
        return ladder.get(codec -> from(pixels, codec::encode));
    }

    @Override
    public NDArray decode(NDArray latents, Consumer<? super NDArray> codes) {
        return ladder.get(codec ->
                from(
                        latents,
                        z -> {
                            List<NDArray> rounded = new ArrayList<>();
                            NDArray pixels = codec.decode(z, rounded::add);
                            // Only now, so that what is tried twice is not told twice.
                            rounded.forEach(codes);
                            return pixels;
                        }));
    }

    @Override
    public NDArray bytes(NDArray pixels) {
        return ladder.get(codec -> from(pixels, codec::bytes));
    }

    /** What is made on the way goes at once, also when it fails. */
    private static NDArray from(NDArray x, UnaryOperator<NDArray> make) {
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray view = x.reshape(x.getShape());
            view.attach(scratch);
            NDArray made = make.apply(view);
            made.attach(outer);
            return made;
        }
    }

    @Override
    public void close() {
        ladder.close();
    }
}
