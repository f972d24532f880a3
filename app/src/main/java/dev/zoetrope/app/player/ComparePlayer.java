package dev.zoetrope.app.player;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.text.Messages;

import javafx.animation.AnimationTimer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;
import org.kordamp.ikonli.materialdesign2.MaterialDesignV;

import java.util.Optional;

/**
 * A player of two clips that cannot drift apart: both pictures of a frame come to the screen
 * together. Pictures, timeline, quality per frame and transport buttons, from top to bottom.
 */
public final class ComparePlayer extends VBox implements AutoCloseable {
    private static final int JUMP_FRAMES = 10;
    private static final double ROOM_FOR_TIME = 580;

    private final Playback playback;
    private final Messages messages;
    private final CompareView view;
    private final PictureFeed feed;
    private final ToggleGroup modes = new ToggleGroup();
    private final Button play = new Button();
    private final Label time = new Label();
    private final Label count = new Label();
    private final Label pace = new Label();
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
                new VBox(new Timeline(playback, messages), new QualityStrip(playback, messages));
        timing.getStyleClass().add("timing");
        getChildren().addAll(view, timing, transport());

        var spoken = messages.spoken();
        playback.comparisonProperty().when(spoken).subscribe(_ -> changeClip());
        playback.frameProperty().when(spoken).subscribe(_ -> wish());
        playback.availableProperty().when(spoken).subscribe(_ -> showTime());
        playback.speedProperty().when(spoken).subscribe(_ -> showSpeed());
        playback.followingProperty().when(spoken).subscribe(_ -> showSpeed());
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
        if (event.isShortcutDown()) {
            if (event.getCode() == KeyCode.L) {
                playback.loopProperty().set(!playback.loopProperty().get());
                event.consume();
            }
            return;
        }
        if (event.isAltDown() || event.isMetaDown()) {
            return;
        }
        boolean known = true;
        int frames = event.isShiftDown() ? JUMP_FRAMES : 1;
        switch (event.getCode()) {
            case SPACE -> playback.toggle();
            case J -> playback.reverse();
            case K -> playback.pause();
            case L -> playback.forward();
            case LEFT -> known = stepUnlessSplitting(-frames);
            case RIGHT -> known = stepUnlessSplitting(frames);
            case HOME -> playback.first();
            case END -> playback.last();
            case X -> playback.worst();
            case W -> toggleMode(CompareMode.WIPE);
            case D -> toggleMode(CompareMode.DIFFERENCE);
            case F -> setZoom(zoom() == Zoom.FIT ? Zoom.ACTUAL_SIZE : Zoom.FIT);
            default -> known = false;
        }
        if (known) {
            event.consume();
        }
    }

    @Override
    public void close() {
        clock.stop();
        feed.close();
    }

    private boolean stepUnlessSplitting(int frames) {
        if (view.splitFocused()) {
            return false;
        }
        playback.step(frames);
        return true;
    }

    private void toggleMode(CompareMode mode) {
        setMode(mode() == mode ? CompareMode.SIDE_BY_SIDE : mode);
    }

    private Node transport() {
        Buttons.icon(play, MaterialDesignP.PLAY, messages.get("player.play"));
        play.getStyleClass().add("play");
        play.setOnAction(_ -> playback.toggle());
        var loop =
                Buttons.icon(
                        new ToggleButton(), MaterialDesignR.REPEAT, messages.get("player.loop"));
        loop.selectedProperty().bindBidirectional(playback.loopProperty());

        time.getStyleClass().add("timecode");
        count.getStyleClass().addAll("timecode", "muted");
        pace.getStyleClass().add("pace");
        time.setMinWidth(USE_PREF_SIZE);
        count.setMinWidth(USE_PREF_SIZE);

        var layout =
                new SegmentedButton(
                        mode(
                                CompareMode.SIDE_BY_SIDE,
                                MaterialDesignV.VIEW_SPLIT_VERTICAL,
                                "player.side"),
                        mode(CompareMode.WIPE, MaterialDesignC.COMPARE, "player.wipe"),
                        mode(CompareMode.DIFFERENCE, MaterialDesignC.CONTRAST_BOX, "player.diff"));
        layout.setToggleGroup(modes);
        modes.selectedToggleProperty()
                .subscribe((before, now) -> {
                    if (now == null) {
                        before.setSelected(true);
                    } else {
                        setMode((CompareMode) now.getUserData());
                    }
                });
        playback.modeProperty()
                .when(messages.spoken())
                .subscribe(mode ->
                        modes.getToggles().stream()
                                .filter(toggle -> toggle.getUserData() == mode)
                                .forEach(modes::selectToggle));

        var actual =
                Buttons.icon(
                        new ToggleButton(),
                        MaterialDesignF.FIT_TO_PAGE_OUTLINE,
                        messages.get("player.actual"));
        actual.setOnAction(_ -> setZoom(actual.isSelected() ? Zoom.ACTUAL_SIZE : Zoom.FIT));
        playback.zoomProperty()
                .when(messages.spoken())
                .subscribe(zoom -> actual.setSelected(zoom == Zoom.ACTUAL_SIZE));

        var gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        var bar =
                new HBox(
                        button(MaterialDesignS.SKIP_PREVIOUS, "player.first", playback::first),
                        button(
                                MaterialDesignS.STEP_BACKWARD,
                                "player.back",
                                () -> playback.step(-1)),
                        play,
                        button(
                                MaterialDesignS.STEP_FORWARD,
                                "player.forward",
                                () -> playback.step(1)),
                        button(MaterialDesignS.SKIP_NEXT, "player.last", playback::last),
                        loop,
                        time,
                        count,
                        pace,
                        gap,
                        button(MaterialDesignT.TRENDING_DOWN, "player.worst", playback::worst),
                        layout,
                        actual);
        bar.getStyleClass().add("transport");
        // In a narrow window the number of the frame says enough.
        time.managedProperty().bind(bar.widthProperty().greaterThan(ROOM_FOR_TIME));
        time.visibleProperty().bind(time.managedProperty());
        bar.setAlignment(Pos.CENTER_LEFT);
        // After a click the keys belong to the player again; a person who tabs keeps the focus.
        bar.addEventFilter(MouseEvent.MOUSE_RELEASED, _ -> view.requestFocus());
        return bar;
    }

    private Button button(Ikon icon, String key, Runnable action) {
        var button = Buttons.icon(new Button(), icon, messages.get(key));
        button.setOnAction(_ -> action.run());
        return button;
    }

    private ToggleButton mode(CompareMode mode, Ikon icon, String key) {
        var button = new ToggleButton(null, new FontIcon(icon));
        button.getStyleClass().add(Styles.BUTTON_ICON);
        Buttons.name(button, messages.get(key));
        button.setUserData(mode);
        button.setToggleGroup(modes);
        return button;
    }

    private void changeClip() {
        view.clear();
        wish();
    }

    private void wish() {
        showTime();
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

    private void showTime() {
        Optional<Comparison> clip = playback.comparisonProperty().get();
        int frame = Math.max(0, playback.frame());
        double fps = clip.map(Comparison::fps).orElse(1.0);
        time.setText(messages.get("player.time", (int) (frame / fps) / 60, frame / fps % 60));
        count.setText(
                clip.filter(some -> some.available() > 0)
                        .map(some -> messages.get("player.count", frame + 1, some.length()))
                        .orElse(""));
    }

    private void showSpeed() {
        int speed = playback.speed();
        if (speed == 0) {
            clock.stop();
        } else {
            clock.start();
        }
        play.setGraphic(new FontIcon(speed == 0 ? MaterialDesignP.PLAY : MaterialDesignP.PAUSE));
        Buttons.name(play, messages.get(speed == 0 ? "player.play" : "player.pause"));
        if (playback.followingProperty().get()) {
            pace.setText(messages.get("player.following"));
        } else {
            pace.setText(speed == 0 || speed == 1 ? "" : messages.get("player.speed", speed));
        }
    }
}
