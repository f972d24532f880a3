package dev.zoetrope.app.player;

import dev.zoetrope.runtime.media.FrameRange;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.SimpleObjectProperty;

import java.util.Optional;

/**
 * Which frame of a clip is shown and how that moves on: the state of every player, with the
 * transport that editors share. While a clip is being made and nobody touches the player, it
 * follows the newest frame. Between an in and an out point it plays that part alone.
 */
public class Transport {
    /** No frame. */
    public static final int NONE = -1;

    private static final int FASTEST = 8;
    private static final long NEVER = Long.MIN_VALUE;

    /** A stalled machine continues where it was instead of leaping. */
    private static final double LONGEST_TICK_SECONDS = 0.25;

    private final ReadOnlyIntegerWrapper frame = new ReadOnlyIntegerWrapper(NONE);
    private final ReadOnlyIntegerWrapper speed = new ReadOnlyIntegerWrapper(0);
    private final ReadOnlyIntegerWrapper available = new ReadOnlyIntegerWrapper(0);
    private final ReadOnlyIntegerWrapper length = new ReadOnlyIntegerWrapper(0);
    private final ReadOnlyIntegerWrapper in = new ReadOnlyIntegerWrapper(NONE);
    private final ReadOnlyIntegerWrapper out = new ReadOnlyIntegerWrapper(NONE);
    private final ReadOnlyBooleanWrapper following = new ReadOnlyBooleanWrapper(false);
    private final ObjectProperty<Repeat> repeat = new SimpleObjectProperty<>(Repeat.LOOP);
    private final ObjectProperty<Zoom> zoom = new SimpleObjectProperty<>(Zoom.FIT);
    private boolean autoplay = true;
    private double fps = 1;
    private double position;
    private boolean turned;
    private long lastTick = NEVER;

    /** A player without a clip. */
    public Transport() {
        repeat.subscribe(_ -> turned = false);
    }

    /** Index of the frame to show, or {@link #NONE}. */
    public final int frame() {
        return frame.get();
    }

    public final ReadOnlyIntegerProperty frameProperty() {
        return frame.getReadOnlyProperty();
    }

    /** Multiple of the clip's own speed: 0 stands still, negative runs backwards. */
    public final int speed() {
        return speed.get();
    }

    public final ReadOnlyIntegerProperty speedProperty() {
        return speed.getReadOnlyProperty();
    }

    /** How many frames of the clip can be shown. */
    public final ReadOnlyIntegerProperty availableProperty() {
        return available.getReadOnlyProperty();
    }

    /** How many frames the clip will have; 0 without one. */
    public final ReadOnlyIntegerProperty lengthProperty() {
        return length.getReadOnlyProperty();
    }

    /** Frames per second. */
    public final double fps() {
        return fps;
    }

    /** The time of the frame that is shown, in its middle, seconds. */
    public final double seconds() {
        return frame.get() == NONE ? 0 : (frame.get() + 0.5) / fps;
    }

    /** Whether the newest frame is shown as it comes. */
    public final ReadOnlyBooleanProperty followingProperty() {
        return following.getReadOnlyProperty();
    }

    /**
     * Whether motion is unwelcome. Otherwise a clip plays by itself, when it is whole and nobody
     * has touched the player.
     */
    public final void calm(boolean still) {
        autoplay = !still;
        if (still) {
            speed.set(0);
        }
    }

    /** What comes after the end. */
    public final ObjectProperty<Repeat> repeatProperty() {
        return repeat;
    }

    /** How large the pictures are. */
    public final ObjectProperty<Zoom> zoomProperty() {
        return zoom;
    }

    /** The first frame that is played, or {@link #NONE} for that of the clip. */
    public final ReadOnlyIntegerProperty inProperty() {
        return in.getReadOnlyProperty();
    }

    /** The last frame that is played, or {@link #NONE} for that of the clip. */
    public final ReadOnlyIntegerProperty outProperty() {
        return out.getReadOnlyProperty();
    }

    /** Whether only a part of the clip is played. */
    public final boolean trimmed() {
        return in.get() != NONE || out.get() != NONE;
    }

    /** What is played of the clip; empty for all of it. */
    public final Optional<FrameRange> part() {
        return trimmed() ? Optional.of(range()) : Optional.empty();
    }

    /**
     * From the in point to the out point.
     *
     * @throws IllegalStateException without a clip
     */
    public final FrameRange range() {
        if (length.get() == 0) {
            throw new IllegalStateException("there is no clip");
        }
        return new FrameRange(
                Math.max(0, in.get()), out.get() == NONE ? length.get() - 1 : out.get());
    }

    /** Begins at the frame that is shown, and no longer ends before it. */
    public final void markIn() {
        if (frame.get() != NONE) {
            in.set(frame.get());
            if (out.get() != NONE && out.get() < in.get()) {
                out.set(NONE);
            }
        }
    }

    /** Ends with the frame that is shown, and no longer begins after it. */
    public final void markOut() {
        if (frame.get() != NONE) {
            out.set(frame.get());
            if (in.get() > out.get()) {
                in.set(NONE);
            }
        }
    }

    /** Shows a frame and begins there, but not after the end. */
    final void moveIn(int index) {
        int frame = Math.clamp(index, 0, playedTo());
        seek(frame);
        in.set(frame == 0 ? NONE : frame);
    }

    /** Shows a frame and ends with it, but not before the beginning. */
    final void moveOut(int index) {
        int frame = Math.clamp(index, playedFrom(), available.get() - 1);
        seek(frame);
        out.set(frame == length.get() - 1 ? NONE : frame);
    }

    /** Begins where the clip does. */
    public final void clearIn() {
        in.set(NONE);
    }

    /** Ends where the clip does. */
    public final void clearOut() {
        out.set(NONE);
    }

    /** Shows a frame, the nearest there is. */
    public final void seek(int index) {
        following.set(false);
        place(index);
    }

    /** Stops, and moves by some frames. */
    public final void step(int frames) {
        speed.set(0);
        seek(frame.get() + frames);
    }

    public final void first() {
        seek(0);
    }

    public final void last() {
        seek(Integer.MAX_VALUE);
    }

    /** Plays, from the start when the end is reached, or stands still. */
    public final void toggle() {
        if (speed.get() != 0) {
            pause();
        } else {
            play(1);
        }
    }

    /** Plays forward, at double speed each further time. */
    public final void forward() {
        play(speed.get() > 0 ? Math.min(FASTEST, 2 * speed.get()) : 1);
    }

    /** Plays backward, at double speed each further time. */
    public final void reverse() {
        play(speed.get() < 0 ? Math.max(-FASTEST, 2 * speed.get()) : -1);
    }

    public final void pause() {
        following.set(false);
        speed.set(0);
    }

    /** A whole clip takes the place of the one before, and goes on where that was. */
    public final void load(int frames, double framesPerSecond) {
        double seconds = position / fps;
        begin(framesPerSecond);
        following.set(false);
        grow(frames, frames);
        place((int) (seconds * fps) % frames);
        if (autoplay) {
            play(1);
        }
    }

    /** There is no clip any more. */
    public final void clear() {
        begin(1);
        following.set(false);
    }

    /**
     * Moves on by the time that has gone by.
     *
     * @param nanos a clock that only runs forward
     */
    public final void tick(long nanos) {
        if (speed.get() == 0 || available.get() == 0) {
            lastTick = NEVER;
            return;
        }
        double seconds = lastTick == NEVER ? 0 : (nanos - lastTick) / 1e9;
        lastTick = nanos;
        position +=
                Math.min(LONGEST_TICK_SECONDS, seconds)
                        * (turned ? -speed.get() : speed.get())
                        * fps;
        int start = playedFrom();
        int frames = playedTo() - start + 1;
        if (position < start || position >= start + frames) {
            switch (repeat.get()) {
                case ONCE -> end();
                case LOOP -> position -= frames * Math.floor((position - start) / frames);
                case PING_PONG -> turn(start, start + frames - 1);
            }
        }
        frame.set((int) Math.clamp(Math.floor(position), start, start + frames - 1));
    }

    /** Another clip is followed from its first frame. */
    final void begin(double framesPerSecond) {
        speed.set(0);
        turned = false;
        in.set(NONE);
        out.set(NONE);
        frame.set(NONE);
        available.set(0);
        length.set(0);
        fps = framesPerSecond;
        position = 0;
        following.set(true);
    }

    /** There are more frames. */
    final void grow(int shown, int expected) {
        length.set(expected);
        available.set(shown);
        if (following.get()) {
            place(Integer.MAX_VALUE);
        }
    }

    /** Nothing more will come: if nobody took over, the whole clip plays. */
    final void whole(int frames) {
        length.set(frames);
        if (following.get()) {
            if (autoplay) {
                play(1);
            } else {
                pause();
            }
        }
    }

    private int playedFrom() {
        return Math.clamp(in.get(), 0, available.get() - 1);
    }

    private int playedTo() {
        int last = available.get() - 1;
        return out.get() == NONE ? last : Math.min(out.get(), last);
    }

    /** More frames may come there yet. */
    private void end() {
        boolean mayGrow = position > 0 && out.get() == NONE && available.get() < length.get();
        place(position < playedFrom() ? playedFrom() : playedTo());
        if (!mayGrow) {
            speed.set(0);
        }
    }

    /** No frame is shown twice, neither the first nor the last. */
    private void turn(int first, int last) {
        position = position < first ? 2 * first + 1 - position : 2 * last + 1 - position;
        turned = !turned;
    }

    private void play(int multiple) {
        if (available.get() == 0) {
            return;
        }
        following.set(false);
        boolean outside = frame.get() < playedFrom() || frame.get() > playedTo();
        if (multiple > 0 && (outside || (speed.get() == 0 && frame.get() == playedTo()))) {
            place(playedFrom());
        } else if (outside) {
            place(playedTo());
        }
        if (speed.get() == 0 || Integer.signum(multiple) != Integer.signum(speed.get())) {
            turned = false;
        }
        if (speed.get() == 0) {
            lastTick = NEVER;
        }
        speed.set(multiple);
    }

    private void place(int index) {
        int nearest = Math.max(0, Math.min(available.get() - 1, index));
        position = nearest;
        frame.set(available.get() == 0 ? NONE : nearest);
    }
}
