package dev.zoetrope.kernel;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;

import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.DeviceMemory;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.device.Processor;
import dev.zoetrope.runtime.gpu.Libtorch;
import dev.zoetrope.runtime.problem.Impossible;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The numerical operations that models are written in. Each is one TorchScript function of the
 * {@code kernel/*.py} resources, loaded once per process.
 *
 * <p>There are two faces of the same functions: {@link #inference()}, whose results never track
 * gradients, and {@link #autograd()}. Results belong to the manager of the first array given.
 * Arrays of bfloat16 are opaque outside: pass them on to kernels, reshape them, close them, nothing
 * else.
 */
public final class Kernels {
    /** Scalar types by torch's own numbers, as kernels and weight files name them. */
    public static final int UINT8 = 0;

    public static final int INT64 = 4;
    public static final int FLOAT16 = 5;
    public static final int FLOAT32 = 6;
    public static final int BFLOAT16 = 15;

    /** From this compute capability on, 8.0, a GPU multiplies matrices of bfloat16. */
    private static final int AMPERE = 80;

    private static final List<String> SOURCES =
            List.of(
                    "tensor.py",
                    "conv.py",
                    "causal.py",
                    "norm.py",
                    "attention.py",
                    "transformer.py",
                    "codebook.py",
                    "training.py",
                    "sampling.py",
                    "denoiser.py",
                    "encoder.py",
                    "frames.py",
                    "preview.py");

    private final TorchScript script;
    private final boolean gradients;
    private final Runnable beforeEach;

    private Kernels(TorchScript script, boolean gradients, Runnable beforeEach) {
        this.script = script;
        this.gradients = gradients;
        this.beforeEach = beforeEach;
    }

    /** Results never track gradients and refuse to be changed outside of kernels. */
    public static Kernels inference() {
        return Loaded.INFERENCE;
    }

    /** Results track gradients of whatever requires them. */
    public static Kernels autograd() {
        return Loaded.AUTOGRAD;
    }

    /**
     * The same kernels, each call preceded by one more check that may throw: work in which every
     * layer can be cancelled, without the models knowing of it.
     */
    public Kernels checking(Runnable check) {
        Runnable before = beforeEach;
        return new Kernels(
                script,
                gradients,
                () -> {
                    before.run();
                    check.run();
                });
    }

    /** Whether results track gradients. */
    public boolean tracksGradients() {
        return gradients;
    }

    /**
     * What models compute on: the GPU that libtorch can use, else the processor, unless {@link
     * ComputeDevice#PROPERTY} asks for one of them.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException {@link Impossible.GpuMissing} when a
     *     GPU is asked for and there is none
     */
    public static ComputeDevice device() {
        ComputeDevice fastest = Loaded.GPU ? ComputeDevice.CUDA : ComputeDevice.CPU;
        ComputeDevice wanted = ComputeDevice.wanted().orElse(fastest);
        if (wanted == ComputeDevice.CUDA && !Loaded.GPU) {
            throw new Impossible.GpuMissing(Loaded.ENGINE.getVersion()).asException();
        }
        return wanted;
    }

    /**
     * All of {@link #device} that the last bits of a result depend on: what it is, how many threads
     * share the work, and the libtorch that does it.
     */
    public static String deviceName() {
        String name =
                switch (device()) {
                    case CPU ->
                            "%s, %d threads".formatted(Processor.name(), JniUtils.getNumThreads());
                    case CUDA -> "GPU of compute capability " + CudaUtils.getComputeCapability(0);
                };
        return "%s, libtorch %s".formatted(name, Loaded.ENGINE.getVersion());
    }

    /**
     * What models compute in where this is asked for; empty is what the device is good at.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException {@link Impossible.HalfOnProcessor} for
     *     fp16 on the processor, which has hardly an operator of it
     */
    public static Precision precision(Optional<Precision> asked) {
        return switch (device()) {
            case CPU -> {
                if (asked.isPresent() && !precisions().contains(asked.get())) {
                    throw new Impossible.HalfOnProcessor().asException();
                }
                yield asked.orElseGet(Processor::preferredPrecision);
            }
            case CUDA ->
                    asked.orElseGet(() ->
                            Integer.parseInt(CudaUtils.getComputeCapability(0)) >= AMPERE
                                    ? Precision.BF16
                                    : Precision.FP16);
        };
    }

    /** What models can compute on here, the fastest first. */
    public static List<ComputeDevice> devices() {
        return Loaded.GPU
                ? List.of(ComputeDevice.CUDA, ComputeDevice.CPU)
                : List.of(ComputeDevice.CPU);
    }

    /** All that the device computes in. */
    public static List<Precision> precisions() {
        return switch (device()) {
            case CPU -> List.of(Precision.FP32, Precision.BF16);
            case CUDA -> List.of(Precision.values());
        };
    }

    /** Threads that libtorch spreads a computation on the processor over. */
    public static int threads() {
        return device() == ComputeDevice.CPU ? JniUtils.getNumThreads() : 1;
    }

    /** What of the GPU's memory is used; empty on the processor, and where a GPU does not tell. */
    public static Optional<DeviceMemory.Use> deviceMemory() {
        if (device() == ComputeDevice.CPU) {
            return Optional.empty();
        }
        try {
            MemoryUsage now = CudaUtils.getGpuMemory(Device.gpu());
            return Optional.of(new DeviceMemory.Use(now.getCommitted(), now.getMax()));
        } catch (IllegalArgumentException | IllegalStateException silent) {
            return Optional.empty();
        }
    }

    /** Gives back what libtorch keeps of the GPU's memory without using it. */
    public static void releaseDeviceMemory() {
        if (device() == ComputeDevice.CUDA) {
            JniUtils.emptyCudaCache();
        }
    }

    /** A manager of arrays on {@link #device}, for the caller to close. */
    public static NDManager newManager() {
        return Loaded.ENGINE.newBaseManager(
                device() == ComputeDevice.CUDA ? Device.gpu() : Device.cpu());
    }

    private static final class Loaded {
        static final Engine ENGINE = started();
        // Lives as long as the process, as libtorch does.
        static final NDManager MANAGER = ENGINE.newBaseManager(Device.cpu());
        static final boolean GPU =
                ENGINE.hasCapability(StandardCapabilities.CUDA) && ENGINE.getGpuCount() > 0;
        static final TorchScript SCRIPT = TorchScript.compile(MANAGER, source());
        static final Kernels INFERENCE = new Kernels(SCRIPT, false, () -> {});
        static final Kernels AUTOGRAD = new Kernels(SCRIPT, true, () -> {});

        private Loaded() {}

        private static Engine started() {
            Libtorch.choose();
            return Engine.getEngine("PyTorch");
        }
    }

    private static String source() {
        StringBuilder text = new StringBuilder();
        for (String name : SOURCES) {
            try (InputStream in = Kernels.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("kernel source " + name + " is not packaged");
                }
                text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8)).append('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return text.toString();
    }

    // Tensors

    /** The torch number that a precision computes in. */
    public static int scalarType(Precision precision) {
        return switch (precision) {
            case FP32 -> FLOAT32;
            case FP16 -> FLOAT16;
            case BF16 -> BFLOAT16;
        };
    }

    public NDArray cast(NDArray x, Precision precision) {
        return cast(x, scalarType(precision));
    }

    public NDArray cast(NDArray x, int scalarType) {
        return array(x, "cast", x, scalarType);
    }

    /** Torch's number of an array's scalar type, right for those DJL has no name for. */
    public int scalarType(NDArray x) {
        try (IValue result = script.call("scalar_type", gradients, x)) {
            return (int) result.toLong();
        }
    }

    /** Maps a whole file as bytes in this process's memory; nothing is read yet. */
    public NDArray mapFile(NDManager manager, Path file, long bytes) {
        return TorchScript.array(
                script.call("map_file", gradients, file.toString(), bytes), manager);
    }

    /**
     * A tensor inside a mapped file, on the device of its manager. In this process's memory it is
     * zero-copy when it lies on a multiple of its element size, as all current writers put it;
     * older files are copied tensor by tensor.
     *
     * @param file from {@link #mapFile}
     * @param offset bytes from the start of the file
     * @param strides in elements
     */
    public NDArray viewOfFile(
            NDArray file,
            int scalarType,
            int elementBytes,
            long offset,
            long[] shape,
            long[] strides) {
        if (offset % elementBytes == 0) {
            return array(
                    file,
                    "view_of_file",
                    file,
                    scalarType,
                    offset / elementBytes,
                    shape,
                    strides,
                    name(file.getManager().getDevice()));
        }
        long last = 0;
        for (int i = 0; i < shape.length; i++) {
            last += (shape[i] - 1) * strides[i];
        }
        boolean empty = Arrays.stream(shape).anyMatch(n -> n == 0);
        long bytes = empty ? 0 : (last + 1) * elementBytes;
        return array(
                file,
                "copy_of_file",
                file,
                scalarType,
                offset,
                bytes,
                shape,
                strides,
                name(file.getManager().getDevice()));
    }

    /** Torch's name of a device. */
    private static String name(Device device) {
        return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    }

    /** The same values laid out channels-last, for 5-D arrays (B, C, T, H, W). */
    public NDArray channelsLast(NDArray x) {
        return array(x, "channels_last", x);
    }

    public NDArray contiguous(NDArray x) {
        return array(x, "contiguous", x);
    }

    /** A copy without history. */
    public NDArray copy(NDArray x) {
        return array(x, "clone", x);
    }

    /** Overwrites {@code x}, which must have the shape of {@code y}. */
    public void assign(NDArray x, NDArray y) {
        array(x, "assign", x, y).close();
    }

    /** Adds 1 in place. */
    public void increment(NDArray x) {
        array(x, "increment", x).close();
    }

    /** The entries at {@code indices} (int64) along an axis. */
    public NDArray take(NDArray x, int axis, NDArray indices) {
        return array(x, "take", x, axis, indices);
    }

    public NDArray add(NDArray x, NDArray y) {
        return array(x, "add", x, y);
    }

    /** Values below {@code low} or above {@code high} replaced by those. */
    public NDArray clamp(NDArray x, double low, double high) {
        return array(x, "clamp", x, low, high);
    }

    /** Overwrites {@code x} with max(x, 0). */
    public NDArray relu(NDArray x) {
        return array(x, "relu", x);
    }

    /** {@code length} entries from {@code start} along an axis; a view. */
    public NDArray narrow(NDArray x, int axis, long start, long length) {
        return array(x, "narrow", x, axis, start, length);
    }

    public NDArray concat(List<NDArray> x, int axis) {
        return array(x.getFirst(), "concat", x, axis);
    }

    /** Bytes (T, H, W, 3) or (B, T, H, W, 3) to {@code scale * byte + shift}, (B, 3, T, H, W). */
    public NDArray pixelsFromBytes(NDArray rgb, double scale, double shift) {
        return array(rgb, "pixels_from_bytes", rgb, scale, shift);
    }

    /** Floats (1, 3, T, H, W) in [low, high] to bytes (T, H, W, 3), clamped and rounded. */
    public NDArray bytesFromPixels(NDArray x, double low, double high) {
        return array(x, "bytes_from_pixels", x, low, high);
    }

    /** As above, cut down to the next lower byte instead of rounded. */
    public NDArray truncatedBytesFromPixels(NDArray x, double low, double high) {
        return array(x, "truncated_bytes_from_pixels", x, low, high);
    }

    /** {@code x} (B, C, T, H, W) with its last frame, row and column repeated that often. */
    public NDArray padEdge(NDArray x, long t, long h, long w) {
        return array(x, "pad_edge", x, t, h, w);
    }

    /**
     * Fades {@code x} (B, C, T, H, W) in over {@code before} (B, C, n, H, W) in its first n frames,
     * in place: with t = i / (n + 1) the i-th of them is 3 t^2 - 2 t^3 new.
     */
    public void crossFade(NDArray x, NDArray before) {
        array(x, "cross_fade", x, before).close();
    }

    // Layers

    /**
     * Convolution of {@code x} (B, C, T, H, W) with {@code w} (C', C, kT, kH, kW), with {@code
     * left} and {@code right} zeros around each of T, H, W.
     */
    public NDArray conv3d(NDArray x, NDArray w, long[] stride, long[] left, long[] right) {
        return array(x, "conv3d", x, w, stride, left, right);
    }

    /** As above, plus a bias (C'). */
    public NDArray conv3d(
            NDArray x, NDArray w, NDArray b, long[] stride, long[] left, long[] right) {
        return array(x, "conv3d_bias", x, w, b, stride, left, right);
    }

    /**
     * Transposed convolution of {@code x} (B, C, T, H, W) with {@code w} (C, C', 4, 4, 4) and bias
     * (C'), to exactly {@code stride} times the size in T, H, W.
     *
     * @param stride 1 or 2 in each of T, H, W
     */
    public NDArray convTranspose3d(NDArray x, NDArray w, NDArray b, long[] stride) {
        return array(x, "conv_transpose3d", x, w, b, stride);
    }

    /**
     * Batch normalisation over all axes but C. With {@code training}, by the statistics of {@code
     * x} itself, moving {@code mean} and {@code var} towards them in place.
     */
    public NDArray batchNorm(
            NDArray x,
            NDArray w,
            NDArray b,
            NDArray mean,
            NDArray var,
            boolean training,
            double momentum,
            double eps) {
        return array(x, "batch_norm", x, w, b, mean, var, training, momentum, eps);
    }

    /**
     * Multi-head softmax attention along one axis of {@code x} (B, C, T, H, W).
     *
     * @param axis 2, 3 or 4
     */
    public NDArray axialAttention(
            NDArray x,
            NDArray wq,
            NDArray wk,
            NDArray wv,
            NDArray w,
            NDArray b,
            int axis,
            int heads) {
        return array(x, "axial_attention", x, wq, wk, wv, w, b, axis, heads);
    }

    // Causal codecs; all arrays are (B, C, T, H, W), channels-last in memory

    /**
     * Convolution to the same size: rows and columns padded with zeros, time by the first frame in
     * front.
     */
    public NDArray causalConv3d(NDArray x, NDArray w, NDArray b) {
        return array(x, "causal_conv3d", x, w, b);
    }

    /** As above with a stride of 2 over rows and columns, whose one zero goes behind them. */
    public NDArray halvingCausalConv3d(NDArray x, NDArray w, NDArray b, int timeStride) {
        return array(x, "halving_causal_conv3d", x, w, b, timeStride);
    }

    /**
     * Group normalisation, 32 groups.
     *
     * @param perFrame whether each frame has statistics of its own
     */
    public NDArray groupNorm(NDArray x, NDArray w, NDArray b, boolean perFrame) {
        return array(x, "group_norm", x, w, b, perFrame);
    }

    /** {@link #causalConv3d} of the silu of {@link #groupNorm}. */
    public NDArray normSiluConv(
            NDArray x, NDArray normW, NDArray normB, NDArray w, NDArray b, boolean perFrame) {
        return array(x, "norm_silu_conv", x, normW, normB, w, b, perFrame);
    }

    /** Adds {@code y} to {@code x} in place. */
    public void addTo(NDArray x, NDArray y) {
        array(x, "add_to", x, y).close();
    }

    /** Softmax attention of one head within each frame. */
    public NDArray frameAttention(NDArray q, NDArray k, NDArray v) {
        return array(q, "frame_attention", q, k, v);
    }

    /** As above, with C and T confused the way Open-Sora-Plan v1.0 confuses them. */
    public NDArray mixedFrameAttention(NDArray q, NDArray k, NDArray v) {
        return array(q, "mixed_frame_attention", q, k, v);
    }

    /** T frames to (T + 1) / 2, each the mean of up to three, the first alone. */
    public NDArray poolFrames(NDArray x) {
        return array(x, "pool_frames", x);
    }

    /** The sigmoid of {@code factor} (1) times the above, the rest a convolution. */
    public NDArray poolFrames(NDArray x, NDArray factor, NDArray w, NDArray b) {
        return array(x, "pool_frames_mixed", x, factor, w, b);
    }

    /** Sizes times {@code time} and {@code space}, linearly; the first frame stays one. */
    public NDArray upsampleLinear(NDArray x, int time, int space) {
        return array(x, "upsample_linear", x, time, space);
    }

    /** Rows and columns repeated. */
    public NDArray upsampleNearest(NDArray x) {
        return array(x, "upsample_nearest", x);
    }

    /** The sigmoid of {@code factor} (1) times {@code x}, the rest {@link #causalConv3d} of it. */
    public NDArray mixWithConv(NDArray x, NDArray factor, NDArray w, NDArray b) {
        return array(x, "mix_with_conv", x, factor, w, b);
    }

    /**
     * Fades the first {@code extent} entries of {@code x} along an axis in over the last ones of
     * {@code before}, in place; entry i has i / extent of the new.
     */
    public void blend(NDArray x, NDArray before, int axis, int extent) {
        array(x, "blend", x, before, axis, extent).close();
    }

    // Transformer layers

    /** {@code x} (..., D) times {@code w} (D', D) transposed. */
    public NDArray linear(NDArray x, NDArray w) {
        return array(x, "linear", x, w);
    }

    /** As above, plus {@code b} (D'). */
    public NDArray linear(NDArray x, NDArray w, NDArray b) {
        return array(x, "linear_bias", x, w, b);
    }

    public NDArray silu(NDArray x) {
        return array(x, "silu", x);
    }

    /** Overwrites {@code x} with the exact gelu, unless gradients pass. */
    public NDArray gelu(NDArray x) {
        return array(x, "gelu", x, "none");
    }

    /** Overwrites {@code x} with gelu by its tanh approximation, unless gradients pass. */
    public NDArray geluTanh(NDArray x) {
        return array(x, "gelu", x, "tanh");
    }

    /** {@code x} times the sigmoid of 1.702 x. */
    public NDArray quickGelu(NDArray x) {
        return array(x, "quick_gelu", x);
    }

    /** Layer normalisation over the last axis, without parameters. */
    public NDArray layerNorm(NDArray x, double eps) {
        return array(x, "layer_norm", x, eps);
    }

    /** Layer normalisation over the last axis with {@code w} and {@code b} (D). */
    public NDArray layerNorm(NDArray x, NDArray w, NDArray b, double eps) {
        return array(x, "layer_norm_affine", x, w, b, eps);
    }

    /** {@code x (1 + scale) + shift}; shift and scale are (B, D) or broadcast over (B, ..., D). */
    public NDArray modulate(NDArray x, NDArray shift, NDArray scale) {
        return array(x, "modulate", x, shift, scale);
    }

    /** {@code x + gate y}; gate is (B, D) or broadcasts over (B, ..., D). */
    public NDArray addGated(NDArray x, NDArray gate, NDArray y) {
        return array(x, "add_gated", x, gate, y);
    }

    /**
     * Multi-head softmax attention of {@code q} (B, L, D) on {@code k} and {@code v} (B, S, D).
     *
     * @param scale of the logits
     */
    public NDArray attention(NDArray q, NDArray k, NDArray v, int heads, double scale) {
        return array(q, "attention_unbiased", q, k, v, heads, scale);
    }

    /** As above, with {@code bias} added to the logits; it broadcasts to (B, heads, L, S). */
    public NDArray attention(
            NDArray q, NDArray k, NDArray v, NDArray bias, int heads, double scale) {
        return array(q, "attention", q, k, v, bias, heads, scale);
    }

    /** Rows of {@code table} (K, D) for int64 {@code ids} of any shape: (..., D). */
    public NDArray embedding(NDArray ids, NDArray table) {
        return array(ids, "embedding", ids, table);
    }

    // Denoisers

    /** {@code x} cut along an axis into that many equal parts; views. */
    public List<NDArray> chunk(NDArray x, int parts, int axis) {
        return arrays(x, "chunk", x, parts, axis);
    }

    /**
     * One token for each patch of {@code x} (B, T, C, H, W): (B, T, h w, D), by the convolution
     * {@code w} (D, C, p, p) of stride p and its bias (D).
     */
    public NDArray patchEmbed(NDArray x, NDArray w, NDArray b) {
        return array(x, "patch_embed", x, w, b);
    }

    /** Tokens (B, T, rows columns, p p C) back to frames (B, T, C, rows p, columns p). */
    public NDArray unpatchify(NDArray x, long rows, long columns, int patch) {
        return array(x, "unpatchify", x, rows, columns, patch);
    }

    /** {@code t} (B) to cosines, then sines (B, dim), fp32. */
    public NDArray timestepEmbedding(NDArray t, int dim) {
        return array(t, "timestep_embedding", t, dim);
    }

    /** Positions (N) to sines, then cosines (N, dim), fp32. */
    public NDArray sincos(NDArray positions, int dim) {
        return array(positions, "sincos", positions, dim);
    }

    /**
     * Positions on a grid, rows (h) and columns (w), to (h w, dim), fp32: the first half of the
     * channels {@link #sincos} of the column, the second half of the row.
     */
    public NDArray sincosGrid(NDArray rows, NDArray columns, int dim) {
        return array(rows, "sincos_grid", rows, columns, dim);
    }

    /** A table (1, h w, D) of grid positions resampled bicubically to (1, rows columns, D). */
    public NDArray resampleGrid(NDArray table, long h, long w, long rows, long columns) {
        return array(table, "resample_grid", table, h, w, rows, columns);
    }

    /** A table (1, F, D) of frame positions resampled linearly to (1, frames, D). */
    public NDArray resampleFrames(NDArray table, long frames) {
        return array(table, "resample_frames", table, frames);
    }

    /**
     * Self-attention under a mask of pairs: {@code on} is added to the logits where both tokens are
     * valid and {@code off} everywhere else. Rows of tokens that are not valid thus attend as if
     * there was no mask or, where {@code off} is so low that it swallows the logits, to all alike.
     *
     * @param mask (B, N), not 0 for valid tokens
     * @param off at or above -1e20, or -1e30 for minus infinity
     */
    public NDArray pairMaskedAttention(
            NDArray q,
            NDArray k,
            NDArray v,
            NDArray mask,
            double on,
            double off,
            int heads,
            double scale) {
        return array(q, "pair_masked_attention", q, k, v, mask, on, off, heads, scale);
    }

    /** {@code mask} (B, S), 1 or 0, as a bias (B, 1, 1, S) of 0 or {@code off}, fp32. */
    public NDArray keyBias(NDArray mask, double off) {
        return array(mask, "key_bias", mask, off);
    }

    /**
     * {@code mask} (N, H, W) to (N, h, w), 1 where any of {@code size} squared entries is not 0.
     */
    public NDArray poolMask(NDArray mask, int size) {
        return array(mask, "pool_mask", mask, size);
    }

    /**
     * Rotary embeddings on a grid, rows (h) and columns (w), for {@link #rotatePairs}: cosines and
     * sines (2, h w, dim), the first half of the channels by row, the second by column.
     *
     * @param dim of a head, a multiple of 4
     */
    public NDArray pairRotation(NDArray rows, NDArray columns, int dim) {
        return array(rows, "pair_rotation", rows, columns, dim);
    }

    /** {@code x} (B, T n, H d) rotated in pairs of neighbouring channels, every frame alike. */
    public NDArray rotatePairs(NDArray x, NDArray rotation, int heads) {
        return array(x, "rotate_pairs", x, rotation, heads);
    }

    /**
     * Rotary embeddings for {@link #rotateHalves}, of positions (N, A) on A axes, each of which has
     * an equal part of a head.
     *
     * @param dim of a head, a multiple of 2 A
     */
    public NDArray halfRotation(NDArray positions, int dim) {
        return array(positions, "half_rotation", positions, dim);
    }

    /** {@code x} (B, N, H d) rotated, within each axis' part the first half with the second. */
    public NDArray rotateHalves(NDArray x, NDArray rotation, int heads) {
        return array(x, "rotate_halves", x, rotation, heads);
    }

    /**
     * Tokens (B, h w, D) of a grid with that many rows merged by a depthwise convolution {@code w}
     * (D, 1, r, r) of stride r.
     */
    public NDArray compressGrid(NDArray x, NDArray w, NDArray b, long rows) {
        return array(x, "compress_grid", x, w, b, rows);
    }

    /**
     * Tokens (B, T, D) merged by a depthwise convolution {@code w} (D, 1, r) of stride r; the first
     * one counts r times where T is odd.
     */
    public NDArray compressFrames(NDArray x, NDArray w, NDArray b) {
        return array(x, "compress_frames", x, w, b);
    }

    // Text encoders

    /** {@code x} over its root mean square along the last axis, times {@code w} (D), fp32. */
    public NDArray rmsNorm(NDArray x, NDArray w, double eps) {
        return array(x, "rms_norm", x, w, eps);
    }

    /** Gelu of {@code x} by its tanh approximation, times {@code y}; may overwrite {@code x}. */
    public NDArray gatedGelu(NDArray x, NDArray y) {
        return array(x, "gated_gelu", x, y);
    }

    /**
     * Which of T5's kinds each distance is: key minus query, int64 of any shape.
     *
     * @param buckets kinds there are
     * @param maxDistance from which on all are of the last kind
     */
    public NDArray relativeBuckets(NDArray distances, int buckets, int maxDistance) {
        return array(distances, "relative_buckets", distances, buckets, maxDistance);
    }

    /** Rows of {@code table} (buckets, H) for all pairs of {@code length} words, (1, H, L, L). */
    public NDArray relativeBias(NDArray table, long length, int maxDistance) {
        return array(table, "relative_bias", table, length, maxDistance);
    }

    /** For ids (B, L) a bias (1, 1, L, L) of {@code off} for keys that come later, else 0, fp32. */
    public NDArray causalBias(NDArray ids, double off) {
        return array(ids, "causal_bias", ids, off);
    }

    /** 1 where an id is this one, else 0, int64. */
    public NDArray indicator(NDArray ids, long id) {
        return array(ids, "indicator", ids, id);
    }

    /** Of states (B, L, D) those of the highest of scores (B, L), the first of equals: (B, D). */
    public NDArray stateOfHighest(NDArray states, NDArray scores) {
        return array(states, "state_of_highest", states, scores);
    }

    // Frames

    /** Frames {@code x} (..., C, H, W) scaled bilinearly, without aliasing where they shrink. */
    public NDArray scaleFrames(NDArray x, int height, int width) {
        return array(x, "scale_frames", x, height, width);
    }

    /** As above, with aliasing: each pixel from the four nearest ones. fp32. */
    public NDArray sampleFrames(NDArray x, int height, int width) {
        return array(x, "sample_frames", x, height, width);
    }

    /** {@code x} with zeros where the mask, which broadcasts over it, is 1 and not 0. */
    public NDArray keepGiven(NDArray x, NDArray mask) {
        return array(x, "keep_given", x, mask);
    }

    /**
     * A mask of pixels (B, 1, T, H, W) as one of latents (B, frames, T', H / size, W / size), the
     * frames of a latent frame beside each other. An odd T begins with a frame that has a latent
     * frame to itself.
     *
     * @param frames to a latent frame
     * @param size rows, and columns, to a latent one
     */
    public NDArray compressMask(NDArray mask, int frames, int size) {
        return array(mask, "compress_mask", mask, frames, size);
    }

    /** {@code states} (B, L, C) of words, each as strongly as its weight (B, L, 1) says. */
    public NDArray scaleWords(NDArray states, NDArray weights) {
        return array(states, "scale_words", states, weights);
    }

    // Codebook

    /**
     * {@code z} (B, D, T, H, W) as rows (L, D / G), L in (B, G, T, H, W) order.
     *
     * @param groups G, of neighbouring channels
     */
    public NDArray latentRows(NDArray z, int groups) {
        return array(z, "latent_rows", z, groups);
    }

    /**
     * The nearest of {@code embeddings} (K, D) for each row (L, D): (L) int64, the first of equals.
     */
    public NDArray nearestCodes(NDArray rows, NDArray embeddings) {
        return array(rows, "nearest_codes", rows, embeddings);
    }

    /** Codes (B, T, H, W) or (B, G, T, H, W) to embeddings (B, D, T, H, W). */
    public NDArray lookup(NDArray codes, NDArray embeddings) {
        return array(codes, "lookup", codes, embeddings);
    }

    /** The value of {@code e} with the gradient of {@code z}. */
    public NDArray straightThrough(NDArray z, NDArray e) {
        return array(z, "straight_through", z, e);
    }

    /** 0.25 times the mean squared distance of {@code z} from the constant {@code e}. */
    public NDArray commitmentLoss(NDArray z, NDArray e) {
        return array(z, "commitment_loss", z, e);
    }

    /** How many different codes there are, a scalar, int64. */
    public NDArray codesUsed(NDArray codes, long nCodes) {
        return array(codes, "codes_used", codes, nCodes);
    }

    /** exp of the entropy of code use: 1 for one code, K for all K evenly. */
    public NDArray perplexity(NDArray codes, long nCodes) {
        return array(codes, "perplexity", codes, nCodes);
    }

    /**
     * {@code rows} (L, D) repeated and moved apart, for codebooks larger than a batch.
     *
     * @param noise standard normal (L * repeats, D)
     */
    public NDArray tileRows(NDArray rows, int repeats, NDArray noise) {
        return array(rows, "tile_rows", rows, repeats, noise);
    }

    /** Starts a codebook from chosen latents (K, D). */
    public void codebookInit(NDArray rows, NDArray embeddings, NDArray count, NDArray average) {
        array(rows, "codebook_init", rows, embeddings, count, average).close();
    }

    /**
     * One step of the codebook's moving average, and the restart of codes whose moving count fell
     * under {@code restartBelow}.
     *
     * @param rows the latents (L, D)
     * @param codes their codes (L)
     * @param candidates (K, D), a replacement for each code
     * @param restartCount the count a restarted code begins with, its average that many of its
     *     candidate; 0 leaves both as they were
     * @return how many codes were restarted, a scalar
     */
    public NDArray codebookUpdate(
            NDArray rows,
            NDArray codes,
            NDArray candidates,
            NDArray embeddings,
            NDArray count,
            NDArray average,
            double decay,
            double restartBelow,
            double restartCount) {
        return array(
                rows,
                "codebook_update",
                rows,
                codes,
                candidates,
                embeddings,
                count,
                average,
                decay,
                restartBelow,
                restartCount);
    }

    // Sampling

    /** A stream that gives what torch's generator on the processor gives for this seed. */
    public Generator generator(long seed) {
        return new Generator(script.call("generator", gradients, seed));
    }

    /** The next standard normal numbers of a stream, the same ones on every device. */
    public NDArray normal(NDManager manager, Generator generator, long... shape) {
        return TorchScript.array(
                script.call("normal", gradients, generator, shape, name(manager.getDevice())),
                manager);
    }

    /** {@code a x + b y}. */
    public NDArray mix(NDArray x, double a, NDArray y, double b) {
        return array(x, "mix", x, a, y, b);
    }

    /** {@code a x + b y} with {@code a} and {@code b} of shape (B), or (1) for all clips. */
    public NDArray mix(NDArray x, NDArray a, NDArray y, NDArray b) {
        return array(x, "mix_per_clip", x, a, y, b);
    }

    /** {@code x} (B, C, T, H, W) times {@code scale} (C) plus {@code shift} (C), fp32. */
    public NDArray rescaleChannels(NDArray x, NDArray scale, NDArray shift) {
        return array(x, "rescale_channels", x, scale, shift);
    }

    /** {@code x + (x - x0) / sigma * dt}, rounded in that order. */
    public NDArray eulerStep(NDArray x, NDArray x0, double sigma, double dt) {
        return array(x, "euler_step", x, x0, sigma, dt);
    }

    /**
     * Between the logarithms {@code low} and {@code high} of two variances, (B) or (1).
     *
     * @param v -1 for low, 1 for high
     */
    public NDArray learnedLogVariance(NDArray v, NDArray low, NDArray high) {
        return array(v, "learned_log_variance", v, low, high);
    }

    /** {@code mean + exp(logVariance / 2) noise}. */
    public NDArray addNoise(NDArray mean, NDArray logVariance, NDArray noise) {
        return array(mean, "add_noise_of_log_variance", mean, logVariance, noise);
    }

    /**
     * The mean of {@code (x - y)^2 mask} over everything but the clip: (B).
     *
     * @param mask broadcasts over {@code x}
     */
    public NDArray squaredError(NDArray x, NDArray y, NDArray mask) {
        return array(x, "squared_error", x, y, mask);
    }

    /**
     * A term of the variational bound in bits per element, (B): how far a predicted normal
     * distribution is from the posterior, or for the first step how unlikely it makes {@code x0}.
     *
     * @param x0 clean latents in [-1, 1]
     * @param posteriorLogVariance (B)
     * @param first (B), not 0 for clips at the first step of the schedule
     * @param mask broadcasts over {@code x0}; masked elements count as zero bits
     */
    public NDArray variationalBound(
            NDArray x0,
            NDArray posteriorMean,
            NDArray posteriorLogVariance,
            NDArray mean,
            NDArray logVariance,
            NDArray first,
            NDArray mask) {
        return array(
                x0,
                "variational_bound",
                x0,
                posteriorMean,
                posteriorLogVariance,
                mean,
                logVariance,
                first,
                mask);
    }

    /**
     * The root mean square of {@code x}, each element in units of {@code atol + rtol max(|y|,
     * |z|)}.
     */
    public double scaledRms(NDArray x, NDArray y, NDArray z, double atol, double rtol) {
        try (NDArray norm = array(x, "scaled_rms", x, y, z, atol, rtol)) {
            return norm.getFloat();
        }
    }

    // Previews

    /**
     * Bytes (T, H, W, 3) of colours that run into each other.
     *
     * @param noise standard normal (1, 3, t, h, w); the fewer numbers, the softer
     */
    public NDArray softColours(NDArray noise, long frames, long height, long width) {
        return array(noise, "soft_colours", noise, frames, height, width);
    }

    /**
     * The linear map from latents (B, C, t, h, w) to the colours they were decoded to that is least
     * wrong: (C + 1, 3), the last row a constant.
     *
     * @param pixels (B, 3, T, H, W) in [0, 1]
     */
    public NDArray fitRgb(NDArray latents, NDArray pixels) {
        return array(latents, "fit_rgb", latents, pixels);
    }

    /** Latents (1, C, t, h, w) by a {@link #fitRgb map} to bytes (t, h, w, 3). */
    public NDArray latentsAsRgb(NDArray latents, NDArray map) {
        return array(latents, "latents_as_rgb", latents, map);
    }

    // Training

    public NDArray mseLoss(NDArray x, NDArray y) {
        return array(x, "mse_loss", x, y);
    }

    public NDArray l1Loss(NDArray x, NDArray y) {
        return array(x, "l1_loss", x, y);
    }

    /** The sum of {@code terms[i] * weights[i]}. */
    public NDArray weightedSum(List<NDArray> terms, double... weights) {
        return array(terms.getFirst(), "weighted_sum", terms, weights);
    }

    /** {@code x} times {@code y}, which broadcasts over it. */
    public NDArray multiply(NDArray x, NDArray y) {
        return array(x, "multiply", x, y);
    }

    /**
     * {@code w} (D', D) plus {@code up} (D', r) times {@code down} (r, D), as precise as {@code w}.
     */
    public NDArray addProduct(NDArray w, NDArray up, NDArray down) {
        return array(w, "add_product", w, up, down);
    }

    /** The mean of {@code x * weights}, a scalar. */
    public NDArray weightedMean(NDArray x, NDArray weights) {
        return array(x, "weighted_mean", x, weights);
    }

    /**
     * The gradients of a scalar, computed with {@link #autograd()}, fp32; zero for parameters it
     * does not depend on. Its history is freed.
     */
    public List<NDArray> gradients(NDArray loss, List<NDArray> parameters) {
        return arrays(loss, "gradients", loss, parameters);
    }

    /**
     * Scales gradients in place so that their common norm is at most {@code maxNorm}; returns the
     * norm.
     */
    public NDArray clipGradients(List<NDArray> gradients, double maxNorm) {
        return array(gradients.getFirst(), "clip_gradients", gradients, maxNorm);
    }

    /** The sum of all products {@code xs[i] * ys[i]}, fp32: a scalar. */
    public NDArray innerProduct(List<NDArray> xs, List<NDArray> ys) {
        return array(xs.getFirst(), "inner_product", xs, ys);
    }

    /** {@code sums += terms} for all pairs, in place. */
    public void accumulate(List<NDArray> sums, List<NDArray> terms) {
        array(terms.getFirst(), "accumulate", sums, terms).close();
    }

    /** Overwrites each of {@code xs} with its {@code ys}, converted to its type. */
    public void assignAll(List<NDArray> xs, List<NDArray> ys) {
        array(xs.getFirst(), "assign_all", xs, ys).close();
    }

    /** One step of AdamW (Loshchilov and Hutter 2019) on all parameters at once, in place. */
    public void adamw(
            List<NDArray> parameters,
            List<NDArray> gradients,
            List<NDArray> m,
            List<NDArray> v,
            List<NDArray> steps,
            double lr,
            double beta1,
            double beta2,
            double weightDecay,
            double eps) {
        array(
                        gradients.getFirst(),
                        "adamw",
                        parameters,
                        gradients,
                        m,
                        v,
                        steps,
                        lr,
                        beta1,
                        beta2,
                        weightDecay,
                        eps)
                .close();
    }

    /** {@code a += rate * (v - a)} for all pairs, in place. */
    public void moveTowards(List<NDArray> averages, List<NDArray> values, double rate) {
        array(values.getFirst(), "move_towards", averages, values, rate).close();
    }

    private List<NDArray> arrays(NDArray owner, String function, Object... arguments) {
        beforeEach.run();
        try (IValue result = script.call(function, gradients, arguments)) {
            PtNDArray[] arrays = result.toTensorArray((PtNDManager) owner.getManager());
            return List.of(arrays);
        }
    }

    private NDArray array(NDArray owner, String function, Object... arguments) {
        beforeEach.run();
        return TorchScript.array(script.call(function, gradients, arguments), owner.getManager());
    }
}
