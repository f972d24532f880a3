package dev.zoetrope.runtime.media;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The AV1 encoder's own log, which goes past FFmpeg's to the standard error stream. Its only switch
 * is a variable of the process environment, which it reads when the first clip is begun.
 */
final class SvtLog {
    private static final String VARIABLE = "SVT_LOG";
    private static final String FATAL_ERRORS_ONLY = "0";

    private SvtLog() {}

    /**
     * Turns it down to fatal errors, for FFmpeg reports the others itself, unless the person who
     * started the process set the variable. Where the C library has no {@code setenv} (Windows) the
     * log stays as it is.
     */
    static void quieten() {
        if (System.getenv(VARIABLE) != null) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
        if (setenv.isEmpty()) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            call(
                    linker,
                    setenv.get(),
                    arena.allocateFrom(VARIABLE),
                    arena.allocateFrom(FATAL_ERRORS_ONLY));
        }
    }

    @SuppressWarnings("restricted") // Java offers no other way to its own process's environment.
    private static void call(
            Linker linker, MemorySegment setenv, MemorySegment name, MemorySegment value) {
        MethodHandle function =
                linker.downcallHandle(
                        setenv,
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_INT));
        try {
            int _ = (int) function.invokeExact(name, value, 1);
        } catch (Throwable e) {
            throw new IllegalStateException("setenv", e);
        }
    }
}
