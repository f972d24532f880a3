package dev.zoetrope.runtime.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Scripts that answer as NVIDIA's program does. */
final class NvidiaSmi {
    static final String H100 = "NVIDIA H100 80GB HBM3, 81559, 550.54.15, 9.0";

    private NvidiaSmi() {}

    /** One in a folder, of the name that is looked for. */
    static Path script(Path folder, String body) throws IOException {
        Path script = folder.resolve("nvidia-smi");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    /** One that has these GPUs. */
    static Path listing(Path folder, String... gpus) throws IOException {
        return script(folder, "cat <<'END'\n" + String.join("\n", gpus) + "\nEND");
    }
}
