package dev.zoetrope.kernel;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A library of TorchScript functions: plain text, written into an archive in memory and loaded by
 * libtorch, which makes nearly every operator of torch callable from Java without a line of C++ or
 * Python at run time.
 */
final class TorchScript {
    private static final String REASON = "\nRuntimeError: ";
    private static final String SELF = "__torch__.Kernels";

    /**
     * DJL's public entry always runs in inference mode, whose results refuse gradients; the native
     * method under it takes that as an argument.
     */
    private static final MethodHandle RUN;

    private static final MethodHandle WRAP;

    static {
        try {
            Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
            MethodHandles.Lookup inside =
                    MethodHandles.privateLookupIn(library, MethodHandles.lookup());
            Object instance = inside.findStaticGetter(library, "LIB", library).invoke();
            RUN =
                    inside.findVirtual(
                                    library,
                                    "moduleRunMethod",
                                    MethodType.methodType(
                                            long.class,
                                            long.class,
                                            String.class,
                                            long[].class,
                                            boolean.class,
                                            boolean.class))
                            .bindTo(instance);
            WRAP =
                    inside.findConstructor(
                            IValue.class, MethodType.methodType(void.class, long.class));
        } catch (Throwable e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * The executor mode is a thread's own; without its profiling, first calls are 5 times faster.
     */
    private static final ThreadLocal<Boolean> PREPARED =
            ThreadLocal.withInitial(() -> {
                JniUtils.setGraphExecutorOptimize(false);
                return true;
            });

    private final PtSymbolBlock block;

    private TorchScript(PtSymbolBlock block) {
        this.block = block;
    }

    /**
     * Compiles functions written as {@code def name(x: Tensor, ...) -> ...:} at column 0.
     *
     * @throws ai.djl.engine.EngineException when the text does not compile, naming the line
     */
    static TorchScript compile(NDManager manager, String functions) {
        try {
            return new TorchScript(
                    JniUtils.loadModule(
                            (PtNDManager) manager,
                            new ByteArrayInputStream(archive(functions)),
                            false,
                            false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Calls a function.
     *
     * @param gradients whether results remember how they were computed
     * @param arguments NDArray, Long, Integer, Double, Boolean, String, long[], double[], a list of
     *     NDArrays, or a Generator
     */
    IValue call(String function, boolean gradients, Object... arguments) {
        PREPARED.get();
        // A thread's own as well, and different from thread to thread when DJL is done starting.
        JniUtils.setGradMode(gradients);
        List<IValue> values = new ArrayList<>(arguments.length);
        try {
            long[] handles = new long[arguments.length];
            for (int i = 0; i < arguments.length; i++) {
                if (arguments[i] instanceof Generator generator) { // lives on after the call
                    handles[i] = generator.value().getHandle();
                    continue;
                }
                values.add(value(arguments[i]));
                handles[i] = values.getLast().getHandle();
            }
            long result =
                    (long)
                            RUN.invokeExact(
                                    block.getHandle().longValue(),
                                    function,
                                    handles,
                                    gradients,
                                    false);
            return (IValue) WRAP.invokeExact(result);
        } catch (EngineException e) {
            throw new EngineException(reason(String.valueOf(e.getMessage())), e);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            values.forEach(IValue::close);
        }
    }

    /** What libtorch says below its trace of the script. */
    private static String reason(String said) {
        int start = said.lastIndexOf(REASON);
        return start < 0
                ? said
                : said.substring(start + REASON.length()).lines().findFirst().orElse(said);
    }

    private static IValue value(Object argument) {
        return switch (argument) {
            case PtNDArray x -> IValue.from(x);
            case Long x -> IValue.from(x);
            case Integer x -> IValue.from(x.longValue());
            case Double x -> IValue.from(x);
            case Boolean x -> IValue.from(x);
            case String x -> IValue.from(x);
            case long[] x -> IValue.listFrom(x);
            case double[] x -> IValue.listFrom(x);
            case List<?> x -> IValue.listFrom(x.toArray(PtNDArray[]::new));
            default -> throw new IllegalArgumentException("kernel argument " + argument);
        };
    }

    static NDArray array(IValue result, NDManager manager) {
        try (result) {
            return result.toTensor((PtNDManager) manager);
        }
    }

    /** torch.jit.save's layout: a stored zip of one class, one empty object of it, no constants. */
    private static byte[] archive(String functions) throws IOException {
        StringBuilder code = new StringBuilder();
        code.append("class Kernels(Module):\n");
        code.append("  __parameters__ = []\n  __buffers__ = []\n  training : bool\n");
        for (String line : functions.split("\n", -1)) {
            boolean header = line.startsWith("def ");
            code.append("  ")
                    .append(header ? line.replaceFirst("\\(", "(self: " + SELF + ", ") : line)
                    .append('\n');
        }

        ByteArrayOutputStream object = new ByteArrayOutputStream();
        object.writeBytes(new byte[] {(byte) 0x80, 2}); // PROTO 2
        object.writeBytes("c__torch__\nKernels\n".getBytes(StandardCharsets.US_ASCII)); // GLOBAL
        object.writeBytes(new byte[] {')', (byte) 0x81, '}', '('}); // (), NEWOBJ, {}, MARK
        object.writeBytes(new byte[] {'X', 8, 0, 0, 0}); // BINUNICODE of 8 bytes
        object.writeBytes("training".getBytes(StandardCharsets.US_ASCII));
        object.writeBytes(new byte[] {(byte) 0x89, 'u', 'b', '.'}); // False, SETITEMS, BUILD, STOP

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            store(zip, "kernels/data.pkl", object.toByteArray());
            store(
                    zip,
                    "kernels/code/__torch__.py",
                    code.toString().getBytes(StandardCharsets.UTF_8));
            store(zip, "kernels/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "kernels/version", "10\n".getBytes(StandardCharsets.US_ASCII));
        }
        return out.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
