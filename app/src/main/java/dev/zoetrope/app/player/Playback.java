package dev.zoetrope.app.player;

import dev.zoetrope.app.fx.Subscriptions;
import dev.zoetrope.runtime.reconstruction.FrameQuality;

import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.ListChangeListener;

import java.util.Optional;

/** The state of a player of two clips, one of which may still be being made. */
public final class Playback extends Transport {
    private final ObjectProperty<Optional<Comparison>> comparison =
            new SimpleObjectProperty<>(this, "comparison", Optional.empty());
    private final ObjectProperty<CompareMode> mode =
            new SimpleObjectProperty<>(this, "mode", CompareMode.SIDE_BY_SIDE);
    private final DoubleProperty split = new SimpleDoubleProperty(this, "split", 0.5);
    private final Subscriptions shown = new Subscriptions();

    public Playback() {
        comparison.subscribe(this::show);
    }

    /** The clips in the player; new ones are followed from their first frame. */
    public ObjectProperty<Optional<Comparison>> comparisonProperty() {
        return comparison;
    }

    /** How the pictures are laid out. */
    public ObjectProperty<CompareMode> modeProperty() {
        return mode;
    }

    /** Where the wipe's line is, 0 at the left edge of the picture to 1 at its right. */
    public DoubleProperty splitProperty() {
        return split;
    }

    /** Stops at the frame with the lowest PSNR. */
    public void worst() {
        comparison
                .get()
                .ifPresent(clip ->
                        clip.worst()
                                .ifPresent(index -> {
                                    pause();
                                    seek(index);
                                }));
    }

    /** Nothing more will come: if nobody took over, the whole clip plays. */
    public void complete() {
        comparison
                .get()
                .ifPresent(clip -> {
                    clip.complete();
                    whole(clip.length());
                });
    }

    private void show(Optional<Comparison> clip) {
        shown.close();
        clip.ifPresentOrElse(this::follow, this::clear);
    }

    private void follow(Comparison growing) {
        begin(growing.fps());
        ListChangeListener<FrameQuality> grown =
                _ -> grow(growing.available(), Math.max(growing.length(), growing.available()));
        var quality = growing.quality();
        quality.addListener(grown);
        shown.add(() -> quality.removeListener(grown));
        grow(growing.available(), growing.length());
    }
}
