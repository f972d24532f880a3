package dev.zoetrope.engine;

import dev.zoetrope.engine.protocol.EngineGrpc;
import dev.zoetrope.engine.protocol.EngineGrpc.EngineStub;
import dev.zoetrope.runtime.problem.ProblemException;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * News of an engine, one at a time and in order, that are asked for again from the next engine when
 * it is lost.
 *
 * @param <T> a message
 */
final class EngineStream<T> implements AutoCloseable {
    /** Without any news in between; then something is wrong that a new engine does not mend. */
    private static final int MOST_LOSSES = 5;

    private final EngineLink link;
    private final BiConsumer<EngineStub, StreamObserver<T>> request;
    private final Consumer<T> news;
    private final Consumer<ProblemException> failed;
    private final Context.CancellableContext context = Context.ROOT.withCancellation();
    private int losses;
    private volatile boolean closed;

    /**
     * @param failed is told why there are no more news, unless the engine ended the stream
     */
    EngineStream(
            EngineLink link,
            BiConsumer<EngineStub, StreamObserver<T>> request,
            Consumer<T> news,
            Consumer<ProblemException> failed) {
        this.link = link;
        this.request = request;
        this.news = news;
        this.failed = failed;
    }

    /** Begins; returns at once. */
    EngineStream<T> open() {
        Thread.ofVirtual().name("engine-stream").start(this::listen);
        return this;
    }

    private void listen() {
        try {
            Channel channel = link.channel();
            context.run(() -> request.accept(EngineGrpc.newStub(channel), new Listening(channel)));
        } catch (ProblemException e) {
            end(e);
        } catch (IllegalStateException e) {
            // Closed meanwhile: nobody listens any more.
            closed = true;
        }
    }

    private void end(ProblemException e) {
        if (!closed) {
            closed = true;
            failed.accept(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        context.cancel(null);
    }

    private final class Listening implements StreamObserver<T> {
        private final Channel channel;

        Listening(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void onNext(T one) {
            losses = 0;
            if (!closed) {
                news.accept(one);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (closed) {
                return;
            }
            if (EngineClient.isLost(Status.fromThrowable(failure)) && losses++ < MOST_LOSSES) {
                link.lost(channel);
                open();
            } else {
                end(EngineClient.problem(failure));
            }
        }

        @Override
        public void onCompleted() {
            closed = true;
        }
    }
}
