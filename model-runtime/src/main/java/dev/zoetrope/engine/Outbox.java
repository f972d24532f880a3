package dev.zoetrope.engine;

import io.grpc.stub.ServerCallStreamObserver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * News on its way to one client, as fast as that takes them. Whoever puts news in never waits. When
 * pictures pile up, the oldest news with pictures are left out; news without them never are.
 *
 * @param <T> a message
 */
final class Outbox<T> {
    private static final long MOST_PICTURE_BYTES = 64L << 20;

    /** Without pictures they are small, and come a few a second: this many means nobody listens. */
    private static final int MOST_NEWS = 100_000;

    private record Item<T>(T news, long pictureBytes) {}

    private final ServerCallStreamObserver<T> client;
    private final Deque<Item<T>> waiting = new ArrayDeque<>();
    private long pictureBytes;
    private boolean last;
    private boolean closed;

    /**
     * @param client of a call whose method has not returned yet
     * @param gone runs once, when the client has ended the call
     */
    Outbox(ServerCallStreamObserver<T> client, Runnable gone) {
        this.client = client;
        client.setOnReadyHandler(this::send);
        client.setOnCancelHandler(gone);
    }

    /**
     * @param pictureBytes of the pictures in it, 0 for news that must arrive
     */
    synchronized void put(T news, long pictureBytes) {
        if (last) {
            return;
        }
        waiting.add(new Item<>(news, pictureBytes));
        this.pictureBytes += pictureBytes;
        dropPictures();
        if (waiting.size() > MOST_NEWS) {
            waiting.clear();
            last = true;
        }
        send();
    }

    private void dropPictures() {
        Iterator<Item<T>> items = waiting.iterator();
        while (pictureBytes > MOST_PICTURE_BYTES && items.hasNext()) {
            Item<T> item = items.next();
            if (item.pictureBytes > 0 && items.hasNext()) {
                items.remove();
                pictureBytes -= item.pictureBytes;
            }
        }
    }

    /** Ends the call when all is sent. */
    synchronized void close() {
        last = true;
        send();
    }

    private synchronized void send() {
        while (!waiting.isEmpty() && client.isReady()) {
            Item<T> item = waiting.remove();
            pictureBytes -= item.pictureBytes;
            client.onNext(item.news);
        }
        if (last && waiting.isEmpty() && !closed && !client.isCancelled()) {
            closed = true;
            client.onCompleted();
        }
    }
}
