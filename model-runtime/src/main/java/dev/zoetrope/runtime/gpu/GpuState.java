package dev.zoetrope.runtime.gpu;

import dev.zoetrope.runtime.problem.Impossible;

import java.nio.file.Path;
import java.util.Optional;

/** How far this machine is from computing on its GPU. */
public sealed interface GpuState {
    /** Not at all, and why; the GPU where there is one. */
    record Hindered(Optional<Gpu> gpu, Impossible why) implements GpuState {}

    /** Who has named a libtorch decides for themselves. */
    record Own(String libtorch) implements GpuState {}

    /**
     * By libraries that can be brought.
     *
     * @param left bytes to download
     * @param came bytes that are there from a download that has not ended
     * @param onDisk bytes they take in the end
     */
    record Missing(Gpu gpu, long left, long came, long onDisk) implements GpuState {}

    /** It can, with the libraries in a folder. */
    record Ready(Gpu gpu, Path folder) implements GpuState {}
}
