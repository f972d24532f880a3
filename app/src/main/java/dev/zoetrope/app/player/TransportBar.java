package dev.zoetrope.app.player;

import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.fx.KeyUse;
import dev.zoetrope.app.text.Messages;

import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;

import java.util.stream.Stream;

/** The buttons and keys that all players share. */
final class TransportBar extends HBox {
    private static final int JUMP_FRAMES = 10;

    /** In the size of its words. */
    private static final double ROOM_FOR_ALL = 50;

    private final Transport transport;
    private final Messages messages;
    private final Button play = new Button();

    // The same one all the time, since a new one is small until it has its style.
    private final FontIcon playIcon = new FontIcon(MaterialDesignP.PLAY);
    private final Label time = new Label();
    private final Label count = new Label();
    private final Label pace = new Label();

    /**
     * @param focus gives the pictures the focus
     * @param more what this player has besides
     */
    TransportBar(Transport transport, Messages messages, Runnable focus, Node... more) {
        this.transport = transport;
        this.messages = messages;
        getStyleClass().add("transport");
        setAlignment(Pos.CENTER_LEFT);
        Buttons.icon(play, MaterialDesignP.PLAY, messages.get("player.play"));
        play.setGraphic(playIcon);
        play.getStyleClass().add("play");
        play.setOnAction(_ -> transport.toggle());

        time.getStyleClass().add("timecode");
        count.getStyleClass().addAll("timecode", "muted");
        pace.getStyleClass().add("pace");
        time.setMinWidth(USE_PREF_SIZE);
        count.setMinWidth(USE_PREF_SIZE);
        Button first = button(MaterialDesignS.SKIP_PREVIOUS, "player.first", transport::first);
        Button last = button(MaterialDesignS.SKIP_NEXT, "player.last", transport::last);
        Stream.of(first, last, time).forEach(this::hideInNarrow);
        var gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        getChildren()
                .addAll(
                        first,
                        button(
                                MaterialDesignS.STEP_BACKWARD,
                                "player.back",
                                () -> transport.step(-1)),
                        play,
                        button(
                                MaterialDesignS.STEP_FORWARD,
                                "player.forward",
                                () -> transport.step(1)),
                        last,
                        repeat(Repeat.LOOP, MaterialDesignR.REPEAT, "player.loop"),
                        repeat(
                                Repeat.PING_PONG,
                                MaterialDesignS.SWAP_HORIZONTAL,
                                "player.pingpong"),
                        time,
                        count,
                        pace,
                        gap);
        getChildren().addAll(more);
        getChildren().add(actual());
        // After a click the keys belong to the player again; a person who tabs keeps the focus.
        addEventFilter(MouseEvent.MOUSE_RELEASED, _ -> focus.run());

        var spoken = messages.spoken();
        Stream.of(
                        transport.frameProperty(),
                        transport.availableProperty(),
                        transport.lengthProperty())
                .forEach(value -> value.when(spoken).subscribe(_ -> showTime()));
        transport.speedProperty().when(spoken).subscribe(_ -> showSpeed());
        transport.followingProperty().when(spoken).subscribe(_ -> showSpeed());
    }

    /** Does what a key stands for, and consumes it then. */
    void handle(KeyEvent event) {
        if (event.isShortcutDown() && event.getCode() == KeyCode.L) {
            repeat(Repeat.LOOP);
            event.consume();
        }
        if (!KeyUse.plain(event)) {
            return;
        }
        int frames = event.isShiftDown() ? JUMP_FRAMES : 1;
        switch (event.getCode()) {
            case SPACE -> transport.toggle();
            case J -> transport.reverse();
            case K -> transport.pause();
            case L -> transport.forward();
            case LEFT, COMMA -> transport.step(-frames);
            case RIGHT, PERIOD -> transport.step(frames);
            case HOME -> transport.first();
            case END -> transport.last();
            case P -> repeat(Repeat.PING_PONG);
            case F ->
                    transport
                            .zoomProperty()
                            .set(
                                    transport.zoomProperty().get() == Zoom.FIT
                                            ? Zoom.ACTUAL_SIZE
                                            : Zoom.FIT);
            default -> {
                return;
            }
        }
        event.consume();
    }

    /** In a narrow window the keys and the number of the frame are enough. */
    void hideInNarrow(Node node) {
        node.managedProperty()
                .bind(
                        Bindings.createBooleanBinding(
                                () -> getWidth() > ROOM_FOR_ALL * count.getFont().getSize(),
                                widthProperty(),
                                count.fontProperty()));
        node.visibleProperty().bind(node.managedProperty());
    }

    private Button button(Ikon icon, String key, Runnable action) {
        var button = Buttons.icon(new Button(), icon, messages.get(key));
        button.setOnAction(_ -> action.run());
        return button;
    }

    private ToggleButton repeat(Repeat repeat, Ikon icon, String key) {
        var button = Buttons.icon(new ToggleButton(), icon, messages.get(key));
        button.setOnAction(_ -> repeat(repeat));
        transport
                .repeatProperty()
                .when(messages.spoken())
                .subscribe(now -> button.setSelected(now == repeat));
        return button;
    }

    /** Repeats so, or no longer. */
    private void repeat(Repeat repeat) {
        boolean off = transport.repeatProperty().get() == repeat;
        transport.repeatProperty().set(off ? Repeat.ONCE : repeat);
    }

    private Node actual() {
        var actual =
                Buttons.icon(
                        new ToggleButton(),
                        MaterialDesignF.FIT_TO_PAGE_OUTLINE,
                        messages.get("player.actual"));
        actual.setOnAction(_ ->
                transport.zoomProperty().set(actual.isSelected() ? Zoom.ACTUAL_SIZE : Zoom.FIT));
        transport
                .zoomProperty()
                .when(messages.spoken())
                .subscribe(zoom -> actual.setSelected(zoom == Zoom.ACTUAL_SIZE));
        return actual;
    }

    private void showTime() {
        int frame = Math.max(0, transport.frame());
        double seconds = frame / transport.fps();
        time.setText(messages.get("player.time", (int) seconds / 60, seconds % 60));
        count.setText(
                transport.availableProperty().get() > 0
                        ? messages.get("player.count", frame + 1, transport.lengthProperty().get())
                        : "");
    }

    private void showSpeed() {
        int speed = transport.speed();
        playIcon.setIconCode(speed == 0 ? MaterialDesignP.PLAY : MaterialDesignP.PAUSE);
        Buttons.name(play, messages.get(speed == 0 ? "player.play" : "player.pause"));
        if (transport.followingProperty().get()) {
            pace.setText(messages.get("player.following"));
        } else {
            pace.setText(speed == 0 || speed == 1 ? "" : messages.get("player.speed", speed));
        }
    }
}
