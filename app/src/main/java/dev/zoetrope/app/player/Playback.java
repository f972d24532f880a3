package dev.zoetrope.app.player;

import dev.zoetrope.app.fx.Subscriptions;
import dev.zoetrope.runtime.reconstruction.FrameQuality;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.ListChangeListener;

import java.util.Optional;

/**
 * Which frame is shown and how, and how that moves on: the state of a player with the transport
 * keys that editors share. While a clip is being made and nobody touches the player, it follows the
 * newest frame.
 */
public final class Playback {
    /** No frame is shown. */
    public static final int NONE = -1;

    private static final int FASTEST = 8;
    private static final long NEVER = Long.MIN_VALUE;

    /** A stalled machine continues where it was instead of leaping. */
    private static final double LONGEST_TICK_SECONDS = 0.25;

    private final ObjectProperty<Optional<Comparison>> comparison =
            new SimpleObjectProperty<>(this, "comparison", Optional.empty());
    private final ReadOnlyIntegerWrapper frame = new ReadOnlyIntegerWrapper(this, "frame", NONE);
    private final ReadOnlyIntegerWrapper speed = new ReadOnlyIntegerWrapper(this, "speed", 0);
    private final ReadOnlyBooleanWrapper following =
            new ReadOnlyBooleanWrapper(this, "following", false);
    private final ReadOnlyIntegerWrapper available =
            new ReadOnlyIntegerWrapper(this, "available", 0);
    private final BooleanProperty loop = new SimpleBooleanProperty(this, "loop", true);
    private final BooleanProperty autoplay = new SimpleBooleanProperty(this, "autoplay", true);
    private final ObjectProperty<CompareMode> mode =
            new SimpleObjectProperty<>(this, "mode", CompareMode.SIDE_BY_SIDE);
    private final ObjectProperty<Zoom> zoom = new SimpleObjectProperty<>(this, "zoom", Zoom.FIT);
    private final DoubleProperty split = new SimpleDoubleProperty(this, "split", 0.5);
    private final Subscriptions shown = new Subscriptions();
    private double position;
    private long lastTick = NEVER;

    public Playback() {
        comparison.subscribe(this::show);
    }

    /** The clip in the player; a new one is followed from its first frame. */
    public ObjectProperty<Optional<Comparison>> comparisonProperty() {
        return comparison;
    }

    /** Index of the frame to show, or {@link #NONE}. */
    public int frame() {
        return frame.get();
    }

    public ReadOnlyIntegerProperty frameProperty() {
        return frame.getReadOnlyProperty();
    }

    /** Multiple of the clip's own speed: 0 stands still, negative runs backwards. */
    public int speed() {
        return speed.get();
    }

    public ReadOnlyIntegerProperty speedProperty() {
        return speed.getReadOnlyProperty();
    }

    /** Whether the newest frame is shown as it comes. */
    public ReadOnlyBooleanProperty followingProperty() {
        return following.getReadOnlyProperty();
    }

    /** Whether playing goes on at the other end. */
    public BooleanProperty loopProperty() {
        return loop;
    }

    /** How many frames of the clip can be shown. */
    public ReadOnlyIntegerProperty availableProperty() {
        return available.getReadOnlyProperty();
    }

    /** Whether a clip plays by itself when it is whole and nobody has touched the player. */
    public BooleanProperty autoplayProperty() {
        return autoplay;
    }

    /** How the pictures are laid out. */
    public ObjectProperty<CompareMode> modeProperty() {
        return mode;
    }

    /** How large the pictures are. */
    public ObjectProperty<Zoom> zoomProperty() {
        return zoom;
    }

    /** Where the wipe's line is, 0 at the left edge of the picture to 1 at its right. */
    public DoubleProperty splitProperty() {
        return split;
    }

    /** Shows a frame, the nearest there is. */
    public void seek(int index) {
        following.set(false);
        place(index);
    }

    /** Stops, and moves by some frames. */
    public void step(int frames) {
        speed.set(0);
        seek(frame.get() + frames);
    }

    public void first() {
        seek(0);
    }

    public void last() {
        seek(Integer.MAX_VALUE);
    }

    /** Stops at the frame with the lowest PSNR. */
    public void worst() {
        comparison
                .get()
                .ifPresent(clip ->
                        clip.worst()
                                .ifPresent(index -> {
                                    speed.set(0);
                                    seek(index);
                                }));
    }

    /** Plays, from the start when the end is reached, or stands still. */
    public void toggle() {
        if (speed.get() != 0) {
            pause();
        } else {
            play(1);
        }
    }

    /** Plays forward, at double speed each further time. */
    public void forward() {
        play(speed.get() > 0 ? Math.min(FASTEST, 2 * speed.get()) : 1);
    }

    /** Plays backward, at double speed each further time. */
    public void reverse() {
        play(speed.get() < 0 ? Math.max(-FASTEST, 2 * speed.get()) : -1);
    }

    public void pause() {
        following.set(false);
        speed.set(0);
    }

    /** Nothing more will come: if nobody took over, the whole clip plays. */
    public void complete() {
        comparison.get().ifPresent(Comparison::complete);
        if (following.get()) {
            if (autoplay.get()) {
                play(1);
            } else {
                pause();
            }
        }
    }

    /**
     * Moves on by the time that has gone by.
     *
     * @param nanos a clock that only runs forward
     */
    public void tick(long nanos) {
        int frames = available.get();
        if (speed.get() == 0 || frames == 0) {
            lastTick = NEVER;
            return;
        }
        double seconds = lastTick == NEVER ? 0 : (nanos - lastTick) / 1e9;
        lastTick = nanos;
        position +=
                Math.min(LONGEST_TICK_SECONDS, seconds)
                        * speed.get()
                        * comparison.get().map(Comparison::fps).orElse(0.0);
        if (position >= 0 && position < frames) {
            frame.set((int) position);
        } else if (loop.get()) {
            position -= frames * Math.floor(position / frames);
            frame.set(Math.min(frames - 1, (int) position));
        } else {
            boolean mayGrow = position > 0 && frames < comparison.get().orElseThrow().length();
            place(position < 0 ? 0 : frames - 1);
            if (!mayGrow) {
                speed.set(0);
            }
        }
    }

    private void play(int multiple) {
        if (available.get() == 0) {
            return;
        }
        following.set(false);
        boolean atEnd = frame.get() == available.get() - 1;
        if (multiple > 0 && speed.get() == 0 && atEnd) {
            place(0);
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

    private void show(Optional<Comparison> clip) {
        shown.close();
        speed.set(0);
        frame.set(NONE);
        following.set(clip.isPresent());
        available.set(clip.map(Comparison::available).orElse(0));
        clip.ifPresent(growing -> {
            ListChangeListener<FrameQuality> grown =
                    _ -> {
                        available.set(growing.available());
                        if (following.get()) {
                            place(Integer.MAX_VALUE);
                        }
                    };
            var quality = growing.quality();
            quality.addListener(grown);
            shown.add(() -> quality.removeListener(grown));
            place(Integer.MAX_VALUE);
        });
    }
}
