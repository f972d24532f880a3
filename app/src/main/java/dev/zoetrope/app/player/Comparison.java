package dev.zoetrope.app.player;

import dev.zoetrope.runtime.reconstruction.FrameQuality;

import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * An original and its reconstruction, as far as it is made. Everything but the frames themselves
 * belongs to the JavaFX thread.
 */
public final class Comparison {
    private final FrameStore frames;
    private final int clipWidth;
    private final int clipHeight;
    private final double fps;
    private final ObservableList<FrameQuality> quality = FXCollections.observableArrayList();
    private final ObservableList<FrameQuality> shownQuality =
            FXCollections.unmodifiableObservableList(quality);
    private final ReadOnlyIntegerWrapper length = new ReadOnlyIntegerWrapper(this, "length");

    /**
     * A comparison without frames.
     *
     * @param clipWidth columns of the result, pixels; the store may keep fewer
     * @param clipHeight rows of the result, pixels
     * @param fps frames per second, above 0
     * @param expectedFrames how many frames it will have when it is whole
     */
    public Comparison(
            FrameStore frames, int clipWidth, int clipHeight, double fps, long expectedFrames) {
        this.frames = frames;
        this.clipWidth = clipWidth;
        this.clipHeight = clipHeight;
        this.fps = fps;
        length.set((int) Math.max(1, Math.min(Integer.MAX_VALUE, expectedFrames)));
    }

    FrameStore frames() {
        return frames;
    }

    public int clipWidth() {
        return clipWidth;
    }

    public int clipHeight() {
        return clipHeight;
    }

    public double fps() {
        return fps;
    }

    /** Quality of the frames that are there, in their order; one entry per frame. */
    public ObservableList<FrameQuality> quality() {
        return shownQuality;
    }

    /** How many frames can be shown. */
    public int available() {
        return quality.size();
    }

    /** How many frames there will be; grows when more come than were expected. */
    public int length() {
        return length.get();
    }

    public ReadOnlyIntegerProperty lengthProperty() {
        return length.getReadOnlyProperty();
    }

    /** Tells of frames that the store has got. */
    public void add(List<FrameQuality> more) {
        quality.addAll(more);
        length.set(Math.max(length.get(), quality.size()));
    }

    /** No more frames will come. */
    public void complete() {
        length.set(Math.max(1, quality.size()));
    }

    /** Index of the frame with the lowest PSNR. */
    public OptionalInt worst() {
        return IntStream.range(0, quality.size())
                .boxed()
                .min(Comparator.comparingDouble(i -> quality.get(i).psnr()))
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }
}
