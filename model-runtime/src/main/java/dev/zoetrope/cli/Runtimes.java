package dev.zoetrope.cli;

import com.google.common.base.Preconditions;
import com.google.common.net.HostAndPort;

import dev.zoetrope.engine.EngineClient;
import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.problem.Problem;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Who does the work of a command. */
final class Runtimes {
    /** What {@code --engine} says. */
    static final String PROPERTY = "zoetrope.engine";

    private static final String NONE = "none";
    private static final int PORT = 7410;

    private Runtimes() {}

    /**
     * The user's engine; or another one, or this process, where {@code --engine} says so. A device
     * that is asked for is this process's, as the engine has chosen its own.
     */
    static ModelRuntime open() {
        return none()
                ? LocalRuntime.open(UserFolders.ofThisSystem())
                : engine(System.getProperty(PROPERTY, ""));
    }

    /** Whether this process does the work itself. */
    static boolean none() {
        String where = System.getProperty(PROPERTY, "");
        return where.equals(NONE)
                || (where.isEmpty() && System.getProperty(ComputeDevice.PROPERTY) != null);
    }

    /** An engine, whose queue is asked for. */
    static EngineClient engine() {
        String where = System.getProperty(PROPERTY, "");
        return engine(where.equals(NONE) ? "" : where);
    }

    private static EngineClient engine(String where) {
        if (where.isEmpty()) {
            return EngineClient.own(UserFolders.ofThisSystem());
        }
        String token = System.getenv("ZOETROPE_ENGINE_TOKEN");
        String certificate = System.getenv("ZOETROPE_ENGINE_CERTIFICATE");
        try {
            Preconditions.checkArgument(token != null, "it has no token");
            HostAndPort address = HostAndPort.fromString(where).withDefaultPort(PORT);
            return EngineClient.elsewhere(
                    InetSocketAddress.createUnresolved(address.getHost(), address.getPort()),
                    certificate == null ? null : Path.of(certificate),
                    token);
        } catch (IllegalArgumentException e) {
            throw new Problem.ImpossibleRequest(
                            "The engine at %s cannot be used: %s.".formatted(where, e.getMessage()),
                            "Name it as HOST:PORT, and put its token into ZOETROPE_ENGINE_TOKEN and,"
                                    + " where no authority has signed it, the file of its"
                                    + " certificate into ZOETROPE_ENGINE_CERTIFICATE.")
                    .asException(e);
        }
    }
}
