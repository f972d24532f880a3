package dev.zoetrope.engine;

import dev.zoetrope.runtime.UserFolders;

import java.util.Optional;

/** The engine's process as tests see it from outside. */
final class Engines {
    private Engines() {}

    static Optional<ProcessHandle> of(UserFolders folders) {
        return EngineAddress.read(folders.data())
                .flatMap(address -> ProcessHandle.of(address.process()));
    }

    /** As {@code kill -9} does, and waits until it is gone. */
    static void kill(UserFolders folders) {
        of(folders)
                .ifPresent(engine -> {
                    engine.destroyForcibly();
                    engine.onExit().join();
                });
    }
}
