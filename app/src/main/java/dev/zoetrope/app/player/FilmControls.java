package dev.zoetrope.app.player;

import com.google.common.base.Suppliers;

import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.fx.KeyUse;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.media.FrameRange;

import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What plays the film of a view: the line to scrub along, on which the in and out points lie, and
 * the buttons and keys. It is there, and as large, before there is a film.
 */
public final class FilmControls extends VBox {
    private final Transport transport;
    private final Messages messages;
    private final Runnable turnFullScreen;
    private final TransportBar bar;
    private final Label part = new Label();

    /** Controls that lead to the full screen. */
    public FilmControls(FilmView view, Messages messages) {
        this(view, messages, Suppliers.memoize(() -> new FullScreen(view, messages)));
    }

    private FilmControls(FilmView view, Messages messages, Supplier<FullScreen> full) {
        this(view, messages, MaterialDesignF.FULLSCREEN, "player.full", () -> full.get().show());
    }

    /**
     * @param icon of the button that leads to the full screen, or back from there
     * @param nameKey what it is called
     * @param turnFullScreen what it does
     */
    FilmControls(
            FilmView view, Messages messages, Ikon icon, String nameKey, Runnable turnFullScreen) {
        this.transport = view.transport();
        this.messages = messages;
        this.turnFullScreen = turnFullScreen;
        getStyleClass().add("film-controls");
        var timing = new VBox(new Timeline(transport, messages, true));
        timing.getStyleClass().add("timing");
        var full = Buttons.icon(new Button(), icon, messages.get(nameKey));
        full.setOnAction(_ -> turnFullScreen.run());
        part.getStyleClass().addAll("timecode", "muted", "part");
        bar =
                new TransportBar(
                        transport,
                        messages,
                        view::requestFocus,
                        part,
                        end(
                                MaterialDesignC.CONTAIN_START,
                                "player.in",
                                transport.inProperty(),
                                transport::markIn,
                                transport::clearIn),
                        end(
                                MaterialDesignC.CONTAIN_END,
                                "player.out",
                                transport.outProperty(),
                                transport::markOut,
                                transport::clearOut),
                        full);
        bar.hideInNarrow(part);
        getChildren().addAll(timing, bar);
        disableProperty().bind(Bindings.equal(0, transport.availableProperty()));
        Stream.of(transport.inProperty(), transport.outProperty())
                .forEach(value -> value.when(messages.spoken()).subscribe(_ -> showPart()));
    }

    /** Does what a key stands for, and consumes it then. */
    public void handle(KeyEvent event) {
        if (isDisabled()) {
            return;
        }
        if (event.getCode() == KeyCode.F11) {
            turnFullScreen.run();
            event.consume();
        } else if (event.getCode() == KeyCode.I && KeyUse.plain(event)) {
            mark(event.isShiftDown(), transport::markIn, transport::clearIn);
            event.consume();
        } else if (event.getCode() == KeyCode.O && KeyUse.plain(event)) {
            mark(event.isShiftDown(), transport::markOut, transport::clearOut);
            event.consume();
        } else {
            bar.handle(event);
        }
    }

    private static void mark(boolean off, Runnable mark, Runnable clear) {
        if (off) {
            clear.run();
        } else {
            mark.run();
        }
    }

    private Node end(
            Ikon icon,
            String nameKey,
            ObservableValue<Number> frame,
            Runnable mark,
            Runnable clear) {
        var button = Buttons.icon(new ToggleButton(), icon, messages.get(nameKey));
        button.setOnAction(_ -> mark(!button.isSelected(), mark, clear));
        frame.when(messages.spoken())
                .subscribe(index -> button.setSelected(index.intValue() != Transport.NONE));
        return button;
    }

    private void showPart() {
        if (transport.trimmed()) {
            FrameRange range = transport.range();
            part.setText(
                    messages.get(
                            "player.part",
                            range.first() + 1,
                            range.last() + 1,
                            range.frames() / transport.fps()));
        } else {
            part.setText("");
        }
    }
}
