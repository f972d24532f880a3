package dev.zoetrope.app.player;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.fx.KeyUse;
import dev.zoetrope.app.fx.OneOf;
import dev.zoetrope.app.text.Messages;

import javafx.animation.AnimationTimer;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;
import org.kordamp.ikonli.materialdesign2.MaterialDesignV;

/**
 * A player of two clips that cannot drift apart: both pictures of a frame come to the screen
 * together. Pictures, timeline, quality per frame and transport buttons, from top to bottom.
 */
public final class ComparePlayer extends VBox implements AutoCloseable {
    private final Playback playback;
    private final Messages messages;
    private final CompareView view;
    private final PictureFeed feed;
    private final TransportBar transport;
    private final AnimationTimer clock =
            new AnimationTimer() {
                @Override
                public void handle(long now) {
                    playback.tick(now);
                }
            };

    /** Of an original and its reconstruction. */
    public ComparePlayer(Playback playback, Messages messages) {
        this(
                playback,
                messages,
                messages.get("player.original"),
                messages.get("player.reconstruction"));
    }

    /** Of any two clips, which have these names. */
    public ComparePlayer(Playback playback, Messages messages, String left, String right) {
        this.playback = playback;
        this.messages = messages;
        this.view = new CompareView(playback, messages, left, right);
        this.feed = new PictureFeed(this::show);
        getStyleClass().add("compare-player");
        VBox.setVgrow(view, Priority.ALWAYS);
        var timing =
                new VBox(
                        new Timeline(playback, messages, false),
                        new QualityStrip(playback, messages));
        timing.getStyleClass().add("timing");
        transport = new TransportBar(playback, messages, view::requestFocus, worst(), layouts());
        getChildren().addAll(view, timing, transport);

        var spoken = messages.spoken();
        playback.comparisonProperty().when(spoken).subscribe(_ -> changeClip());
        playback.frameProperty().when(spoken).subscribe(_ -> wish());
        playback.speedProperty().when(spoken).subscribe(_ -> run());
        playback.modeProperty().when(spoken).subscribe(_ -> wish());
    }

    /** The mode shown; also changed by its buttons and keys. */
    public CompareMode mode() {
        return playback.modeProperty().get();
    }

    /** Chooses how the pictures are laid out. */
    public void setMode(CompareMode mode) {
        playback.modeProperty().set(mode);
    }

    /** Where the wipe's line is, from 0 at the left to 1 at the right. */
    public double split() {
        return playback.splitProperty().get();
    }

    public Zoom zoom() {
        return playback.zoomProperty().get();
    }

    /** Chooses how large the pictures are. */
    public void setZoom(Zoom zoom) {
        playback.zoomProperty().set(zoom);
    }

    /** Index of the frame whose pictures are on the screen, or {@link Playback#NONE}. */
    public int shownFrame() {
        return view.shownFrame();
    }

    /** Takes the focus, so that Space plays instead of pressing a button. */
    public void takeFocus() {
        view.requestFocus();
    }

    /** Does what a key stands for, and consumes it then. */
    public void handle(KeyEvent event) {
        if (playback.comparisonProperty().get().isEmpty()) {
            return;
        }
        if (!KeyUse.plain(event)) {
            transport.handle(event);
            return;
        }
        switch (event.getCode()) {
            case LEFT, RIGHT -> {
                if (view.splitFocused()) {
                    return;
                }
                transport.handle(event);
            }
            case X -> playback.worst();
            case W -> toggleMode(CompareMode.WIPE);
            case D -> toggleMode(CompareMode.DIFFERENCE);
            default -> {
                transport.handle(event);
                return;
            }
        }
        event.consume();
    }

    @Override
    public void close() {
        clock.stop();
        feed.close();
    }

    private void toggleMode(CompareMode mode) {
        setMode(mode() == mode ? CompareMode.SIDE_BY_SIDE : mode);
    }

    private Node worst() {
        var button =
                Buttons.icon(
                        new Button(), MaterialDesignT.TRENDING_DOWN, messages.get("player.worst"));
        button.setOnAction(_ -> playback.worst());
        return button;
    }

    private Node layouts() {
        var modes = new OneOf<>(playback.modeProperty().when(messages.spoken()), this::setMode);
        return modes.row(
                modes.button(
                        CompareMode.SIDE_BY_SIDE,
                        button(MaterialDesignV.VIEW_SPLIT_VERTICAL, "player.side")),
                modes.button(CompareMode.WIPE, button(MaterialDesignC.COMPARE, "player.wipe")),
                modes.button(
                        CompareMode.DIFFERENCE,
                        button(MaterialDesignC.CONTRAST_BOX, "player.diff")));
    }

    private ToggleButton button(Ikon icon, String key) {
        var button = new ToggleButton(null, new FontIcon(icon));
        button.getStyleClass().add(Styles.BUTTON_ICON);
        Buttons.name(button, messages.get(key));
        return button;
    }

    private void changeClip() {
        view.clear();
        wish();
    }

    private void wish() {
        playback.comparisonProperty()
                .get()
                .filter(_ -> playback.frame() != Playback.NONE)
                .ifPresent(clip ->
                        feed.show(clip, playback.frame(), mode() == CompareMode.DIFFERENCE));
    }

    private void show(Pictures pictures) {
        if (playback.comparisonProperty().get().orElse(null) == pictures.comparison()) {
            view.show(pictures);
        }
    }

    private void run() {
        if (playback.speed() == 0) {
            clock.stop();
        } else {
            clock.start();
        }
    }
}
