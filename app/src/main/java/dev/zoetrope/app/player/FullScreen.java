package dev.zoetrope.app.player;

import dev.zoetrope.app.text.Messages;

import javafx.animation.PauseTransition;
import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.paint.Color;
import javafx.stage.Stage;
import javafx.util.Duration;

import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

import java.util.Optional;

/** A film on the whole screen; its controls go while it plays and nobody moves the pointer. */
final class FullScreen {
    private static final Duration REST = Duration.seconds(2);

    private final FilmView small;
    private final FilmView large;
    private final FilmControls controls;
    private final StackPane root;
    private final Stage stage = new Stage();
    private final PauseTransition rest = new PauseTransition(REST);

    /** Of what a view shows that is in a window. */
    FullScreen(FilmView view, Messages messages) {
        small = view;
        large = new FilmView(view.transport(), view.getAccessibleText());
        controls =
                new FilmControls(
                        large,
                        messages,
                        MaterialDesignF.FULLSCREEN_EXIT,
                        "player.full.leave",
                        stage::close);
        controls.setMaxHeight(Region.USE_PREF_SIZE);
        StackPane.setAlignment(controls, Pos.BOTTOM_CENTER);
        root = new StackPane(large, controls);
        root.getStyleClass().add("full-screen");
        var scene = new Scene(root, Color.BLACK);
        scene.addEventFilter(KeyEvent.KEY_PRESSED, this::press);
        scene.addEventFilter(MouseEvent.MOUSE_MOVED, _ -> wake());
        scene.addEventFilter(MouseEvent.MOUSE_PRESSED, _ -> wake());
        rest.setOnFinished(_ -> sleep());
        stage.initOwner(view.getScene().getWindow());
        stage.setScene(scene);
        stage.setFullScreenExitHint("");
        stage.setFullScreenExitKeyCombination(KeyCombination.NO_MATCH);
        stage.setOnHidden(_ -> hidden());
        // The system has ways out of its own.
        stage.fullScreenProperty()
                .subscribe((_, full) -> {
                    if (!full) {
                        stage.close();
                    }
                });
    }

    /** Until the person has seen enough. */
    void show() {
        large.filmProperty().bind(small.filmProperty());
        large.sizeProperty().bind(small.sizeProperty());
        stage.getScene().getStylesheets().setAll(small.getScene().getStylesheets());
        stage.setFullScreen(true);
        stage.show();
        large.requestFocus();
        wake();
    }

    private void hidden() {
        rest.stop();
        large.filmProperty().unbind();
        large.filmProperty().set(Optional.empty());
        large.sizeProperty().unbind();
        small.requestFocus();
    }

    private void press(KeyEvent event) {
        if (event.getCode() == KeyCode.ESCAPE) {
            stage.close();
            event.consume();
        } else {
            wake();
            controls.handle(event);
        }
    }

    private void wake() {
        controls.setVisible(true);
        root.setCursor(Cursor.DEFAULT);
        rest.playFromStart();
    }

    private void sleep() {
        if (small.transport().speed() != 0) {
            controls.setVisible(false);
            root.setCursor(Cursor.NONE);
        }
    }
}
