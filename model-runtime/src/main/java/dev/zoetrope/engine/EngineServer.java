package dev.zoetrope.engine;

import dev.zoetrope.engine.protocol.Welcome;
import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.Power;
import dev.zoetrope.runtime.gpu.Libtorch;
import dev.zoetrope.runtime.problem.Problem;

import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The engine of a data folder, of which there is one at a time: the queue, the device, and a
 * listening socket on which every call shows a token.
 */
public final class EngineServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineServer.class);

    private static final Duration PREVIEWS_EVERY = Duration.ofMillis(100);
    private static final Duration QUIET = Duration.ofSeconds(20);
    private static final int MOST_REQUEST_BYTES = 4 << 20;
    private static final int MOST_CALLS_OF_A_CONNECTION = 64;
    private static final int CONNECTIONS_WAITING = 1024;

    private final Path data;
    private final FileChannel lock;
    private final LocalRuntime runtime;
    private final DurableQueue queue;
    private final Server server;
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile long lastCalled = System.nanoTime();
    private volatile long lastUsed = System.nanoTime();

    /**
     * Who may call from elsewhere, and how they know that this is the engine they mean.
     *
     * @param address to listen at
     * @param certificate PEM
     * @param key PEM, of the certificate
     * @param token that every call shows
     * @param folders that callers may name files in, at least one
     */
    public record Elsewhere(
            InetSocketAddress address,
            Path certificate,
            Path key,
            String token,
            List<Path> folders) {
        /**
         * Checks them.
         *
         * @throws IllegalArgumentException without a folder, or with a token that could be guessed
         */
        public Elsewhere {
            folders = List.copyOf(folders);
            if (folders.isEmpty()) {
                throw new IllegalArgumentException("no folder to serve");
            }
            new Token(token);
        }
    }

    private EngineServer(UserFolders folders, FileChannel lock, Optional<Elsewhere> elsewhere)
            throws IOException {
        this.data = folders.data();
        this.lock = lock;
        runtime = LocalRuntime.open(folders);
        queue =
                new DurableQueue(
                        data,
                        (request, folder) ->
                                runtime.workshop().of(request, Optional.of(PREVIEWS_EVERY), folder),
                        this::isQuiet);
        Token token = elsewhere.map(e -> new Token(e.token())).orElseGet(Token::random);
        Allowed allowed = Allowed.EVERYTHING;
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        if (elsewhere.isPresent()) {
            Elsewhere e = elsewhere.get();
            allowed = Allowed.within(e.folders());
            builder =
                    NettyServerBuilder.forAddress(e.address())
                            .useTransportSecurity(open(e.certificate()), open(e.key()));
        }
        Welcome welcome =
                Welcome.newBuilder()
                        .setBuild(EngineAddress.build())
                        .setProcess(ProcessHandle.current().pid())
                        .build();
        server =
                builder.addService(
                                new EngineService(
                                        welcome,
                                        new Questions(runtime, allowed),
                                        queue,
                                        allowed,
                                        end::countDown))
                        .intercept(new Use())
                        .intercept(token.demanded())
                        .maxInboundMessageSize(MOST_REQUEST_BYTES)
                        .maxConcurrentCallsPerConnection(MOST_CALLS_OF_A_CONNECTION)
                        .withOption(ChannelOption.SO_BACKLOG, CONNECTIONS_WAITING)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .build()
                        .start();
        if (elsewhere.isEmpty()) {
            new EngineAddress(server.getPort(), ProcessHandle.current().pid(), token.text())
                    .write(data);
        }
        queue.start();
        LOG.info("serving {} at {}", data, server.getListenSockets());
    }

    private static File open(Path file) {
        if (!Files.isReadable(file)) {
            throw new Problem.FileMissing(file).asException();
        }
        return file.toFile();
    }

    /**
     * Becomes the engine of a data folder; empty when it has one.
     *
     * @param elsewhere empty for callers of this user on this machine
     * @throws dev.zoetrope.runtime.problem.ProblemException when it cannot listen, or its folder
     *     cannot be used
     */
    public static Optional<EngineServer> start(UserFolders folders, Optional<Elsewhere> elsewhere) {
        Path file = folders.data().resolve("engine.lock");
        try {
            Files.createDirectories(folders.data());
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                return Optional.empty();
            }
            try {
                return Optional.of(new EngineServer(folders, channel, elsewhere));
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new Problem.EngineUnavailable("cannot begin: " + e.getMessage()).asException(e);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    /** Whether nobody has asked for anything for a while, and no battery is emptied. */
    private boolean isQuiet() {
        return System.nanoTime() - lastCalled > QUIET.toNanos() && !Power.isOnBattery();
    }

    /** Where it listens. */
    public int port() {
        return server.getPort();
    }

    /**
     * Serves until it is told to retire, or nobody has used it for so long and there is nothing to
     * do; or, between two jobs, until its next would compute with another libtorch.
     */
    public void serve(Duration idle) throws InterruptedException {
        boolean outdated = false;
        while (!end.await(1, TimeUnit.SECONDS)) {
            if (calls.get() == 0
                    && System.nanoTime() - lastUsed > idle.toNanos()
                    && !queue.isBusy()) {
                LOG.info("nobody uses it");
                return;
            }
            if (Libtorch.isOutdated()) {
                outdated = true;
            }
            if (outdated && !queue.isBusy()) {
                LOG.info("another libtorch is to compute");
                return;
            }
        }
    }

    /** Lets what runs save itself, and stops listening. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            server.shutdown();
            queue.close();
            runtime.close();
            EngineAddress.delete(data);
            server.shutdownNow();
            lock.close();
        } catch (IOException e) {
            LOG.warn("the engine could not tidy up", e);
        }
    }

    /** Knows whether anybody calls. */
    private final class Use implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            calls.incrementAndGet();
            lastCalled = System.nanoTime();
            return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(
                    next.startCall(call, headers)) {
                @Override
                public void onComplete() {
                    ended();
                    super.onComplete();
                }

                @Override
                public void onCancel() {
                    ended();
                    super.onCancel();
                }
            };
        }

        private void ended() {
            lastUsed = System.nanoTime();
            calls.decrementAndGet();
        }
    }
}
