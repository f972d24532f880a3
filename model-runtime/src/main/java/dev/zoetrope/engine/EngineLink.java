package dev.zoetrope.engine;

import dev.zoetrope.engine.protocol.EngineGrpc;
import dev.zoetrope.engine.protocol.Greeting;
import dev.zoetrope.engine.protocol.Retirement;
import dev.zoetrope.engine.protocol.Welcome;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.Computing;
import dev.zoetrope.runtime.problem.Problem;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The way to an engine. To that of this user's data folder it is found again when it is lost: an
 * engine that has ended is replaced, one of another build is retired first.
 */
final class EngineLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLink.class);

    private static final Duration TO_START = Duration.ofSeconds(60);
    private static final Duration TO_GREET = Duration.ofSeconds(5);
    private static final long MILLIS_BETWEEN_LOOKS = 20;
    private static final long MILLIS_TO_END = 500;

    /** Two frames of 4K and what goes with them. */
    private static final int MOST_NEWS_BYTES = 128 << 20;

    private final Way way;
    private @Nullable Line line;
    private boolean closed;

    /** How to come to a line. */
    @FunctionalInterface
    private interface Way {
        Line open();
    }

    record Line(ManagedChannel connection, EventLoopGroup loop, Channel channel) {
        /**
         * Waits for the loop's thread: a process that exits while it polls is held up by the
         * virtual machine for 0.3 s.
         */
        void end() {
            connection.shutdownNow();
            try {
                connection.awaitTermination(MILLIS_TO_END, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(MILLIS_TO_END);
        }
    }

    private EngineLink(Way way) {
        this.way = way;
    }

    /** To the user's own engine on this machine. */
    static EngineLink own(UserFolders folders, Supplier<Computing> computing) {
        EngineProcess process = new EngineProcess(folders, computing);
        return new EngineLink(() -> find(folders.data(), process));
    }

    /**
     * To an engine elsewhere.
     *
     * @param certificate PEM that its own is, or is signed with; null for one that the system
     *     trusts
     */
    static EngineLink elsewhere(
            InetSocketAddress address, @Nullable Path certificate, Token token) {
        return new EngineLink(() -> {
            try {
                var tls = GrpcSslContexts.forClient();
                if (certificate != null) {
                    tls.trustManager(certificate.toFile());
                }
                NettyChannelBuilder builder =
                        NettyChannelBuilder.forAddress(address.getHostString(), address.getPort())
                                .sslContext(tls.build());
                return greeted(line(builder, token));
            } catch (IOException | StatusRuntimeException e) {
                throw new Problem.EngineUnavailable(
                                "at %s cannot be reached: %s".formatted(address, e.getMessage()))
                        .asException(e);
            }
        });
    }

    /**
     * The channel to an engine that has answered.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when there is none
     */
    synchronized Channel channel() {
        if (closed) {
            // Nobody's mistake: what was asked for in the background is no longer waited for.
            throw new Problem.EngineUnavailable("was let go of").asException();
        }
        Line open = line;
        if (open == null) {
            open = way.open();
            line = open;
        }
        return open.channel();
    }

    /** Has the next caller look for an engine again, if this channel is still the one in use. */
    synchronized void lost(Channel channel) {
        if (line != null && line.channel().equals(channel)) {
            line.end();
            line = null;
        }
    }

    /** Retires the engine and comes to the next, once it is gone; nothing while there is none. */
    synchronized void replace() {
        Line old = line;
        if (old != null) {
            line = null;
            retire(old);
            long deadline = System.nanoTime() + TO_START.toNanos();
            while (answers(old) && System.nanoTime() < deadline) {
                pause();
            }
            old.end();
            line = way.open();
        }
    }

    private static boolean answers(Line line) {
        try {
            greet(line);
            return true;
        } catch (StatusRuntimeException gone) {
            return false;
        }
    }

    private static void retire(Line line) {
        EngineGrpc.newBlockingStub(line.channel())
                .withDeadlineAfter(TO_GREET)
                .retire(Retirement.getDefaultInstance());
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (line != null) {
            line.end();
            line = null;
        }
    }

    private static Line find(Path data, EngineProcess starter) {
        long deadline = System.nanoTime() + TO_START.toNanos();
        Process started = null;
        while (System.nanoTime() < deadline) {
            Optional<Line> found =
                    EarlyLine.to(data)
                            .or(() ->
                                    EngineAddress.read(data)
                                            .flatMap(at -> open(at, EngineLink::replaced)));
            if (found.isPresent()) {
                return found.get();
            }
            if (started == null) {
                started = starter.start();
            } else if (!started.isAlive()) {
                if (started.exitValue() != 0) {
                    throw new Problem.EngineUnavailable(
                                    "ended while it started: " + starter.lastWords())
                            .asException();
                }
                // Another was there, or has just gone.
                started = null;
            }
            pause();
        }
        throw new Problem.EngineUnavailable(
                        "does not answer within %d seconds".formatted(TO_START.toSeconds()))
                .asException();
    }

    /**
     * Empty when nobody answers there, or not one that suits.
     *
     * @param otherwise gets the line to an engine of another build, before it ends
     */
    static Optional<Line> open(EngineAddress address, Consumer<Line> otherwise) {
        Line line = line(address);
        try {
            if (greet(line).getBuild().equals(EngineAddress.build())) {
                return Optional.of(line);
            }
            otherwise.accept(line);
        } catch (StatusRuntimeException e) {
            LOG.debug("no engine at port {}", address.port(), e);
        }
        line.end();
        return Optional.empty();
    }

    private static void replaced(Line line) {
        LOG.info("retiring an engine of another build");
        retire(line);
    }

    private static Line line(EngineAddress address) {
        return line(
                NettyChannelBuilder.forAddress("127.0.0.1", address.port()).usePlaintext(),
                new Token(address.token()));
    }

    private static Line line(NettyChannelBuilder builder, Token token) {
        EventLoopGroup loop =
                new NioEventLoopGroup(1, new DefaultThreadFactory("engine-link", true));
        ManagedChannel connection =
                builder.maxInboundMessageSize(MOST_NEWS_BYTES)
                        .eventLoopGroup(loop)
                        .channelType(NioSocketChannel.class)
                        .build();
        return new Line(connection, loop, ClientInterceptors.intercept(connection, token.shown()));
    }

    private static Line greeted(Line line) {
        try {
            greet(line);
            return line;
        } catch (StatusRuntimeException e) {
            line.end();
            throw e;
        }
    }

    private static Welcome greet(Line line) {
        return EngineGrpc.newBlockingStub(line.channel())
                .withDeadlineAfter(TO_GREET)
                .greet(Greeting.getDefaultInstance());
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.EngineUnavailable("was not waited for").asException(e);
        }
    }
}
