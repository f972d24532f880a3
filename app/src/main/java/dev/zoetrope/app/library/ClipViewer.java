package dev.zoetrope.app.library;

import dev.zoetrope.app.files.ExportLine;
import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.fx.Hints;
import dev.zoetrope.app.fx.KeyUse;
import dev.zoetrope.app.player.Film;
import dev.zoetrope.app.player.FilmControls;
import dev.zoetrope.app.player.FilmView;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.media.FrameSize;

import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignE;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

import java.util.function.Consumer;

/** One clip as large as the page, with all that plays it. */
final class ClipViewer extends BorderPane {
    private final LibraryViewModel model;
    private final Messages messages;
    private final ClipWords words;
    private final FilmView view;
    private final FilmControls controls;
    private final Label title = new Label();
    private final Button use = new Button();

    /**
     * @param useSettings makes use of how a clip was made
     * @param export writes a clip to one more place
     * @param reveal shows where a clip is
     */
    ClipViewer(
            LibraryViewModel model,
            Messages messages,
            Consumer<GenerationRequest> useSettings,
            Consumer<Clip> export,
            Consumer<Clip> reveal) {
        this.model = model;
        this.messages = messages;
        this.words = new ClipWords(messages);
        this.view = new FilmView(model.transport(), messages.get("library.clip"));
        this.controls = new FilmControls(view, messages);
        getStyleClass().add("clip-viewer");
        var stage = new StackPane(view);
        stage.getStyleClass().add("stage");
        stage.setMinHeight(0);
        setTop(bar(useSettings, export, reveal));
        setCenter(stage);
        setBottom(controls);
        view.filmProperty().bind(model.filmProperty());
        view.fileProperty().bind(model.watchedProperty().map(clip -> clip.map(Clip::file)));
        view.sizeProperty()
                .bind(
                        Bindings.createObjectBinding(
                                this::size, model.filmProperty(), model.watchedProperty()));
        model.watchedProperty()
                .when(messages.spoken())
                .subscribe(clip -> clip.ifPresent(this::show));
    }

    void takeFocus() {
        view.requestFocus();
    }

    /** Does what a key stands for, and consumes it then. */
    void handle(KeyEvent event) {
        if (KeyUse.of(getScene().getFocusOwner(), event.getCode())) {
            return;
        }
        switch (event.getCode()) {
            case ESCAPE -> model.endWatching();
            case PAGE_UP -> model.watchBeside(-1);
            case PAGE_DOWN -> model.watchBeside(1);
            case DELETE -> model.delete(model.watchedProperty().get().stream().toList());
            default -> {
                controls.handle(event);
                return;
            }
        }
        event.consume();
    }

    private FrameSize size() {
        return model.filmProperty()
                .get()
                .map(Film::size)
                .or(() -> model.watchedProperty().get().flatMap(Clip::size))
                .orElse(new FrameSize(9, 16));
    }

    private Node bar(
            Consumer<GenerationRequest> useSettings, Consumer<Clip> export, Consumer<Clip> reveal) {
        var back =
                new Button(messages.get("library.back"), new FontIcon(MaterialDesignA.ARROW_LEFT));
        back.setMnemonicParsing(true);
        back.getStyleClass().add("quiet");
        back.setMinWidth(USE_PREF_SIZE);
        back.setOnAction(_ -> model.endWatching());
        title.getStyleClass().add("title");
        title.setMinWidth(0);
        title.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(title, Priority.ALWAYS);
        var folder =
                icon(MaterialDesignF.FOLDER_OUTLINE, "library.reveal.name", () -> watched(reveal));
        use.setText(messages.get("library.use"));
        use.setMnemonicParsing(true);
        use.setMinWidth(USE_PREF_SIZE);
        use.setOnAction(_ -> watched(clip -> clip.request().ifPresent(useSettings)));
        var bar =
                new HBox(
                        back,
                        title,
                        new ExportLine(model.exporting(), messages),
                        icon(
                                MaterialDesignC.CHEVRON_LEFT,
                                "library.newer",
                                () -> model.watchBeside(-1)),
                        icon(
                                MaterialDesignC.CHEVRON_RIGHT,
                                "library.older",
                                () -> model.watchBeside(1)),
                        icon(
                                MaterialDesignE.EXPORT_VARIANT,
                                "library.export.name",
                                () -> watched(export)),
                        folder,
                        use);
        bar.getStyleClass().add("library-bar");
        bar.setAlignment(Pos.CENTER_LEFT);
        return bar;
    }

    private Button icon(Ikon icon, String nameKey, Runnable action) {
        var button = Buttons.icon(new Button(), icon, messages.get(nameKey));
        button.setOnAction(_ -> action.run());
        return button;
    }

    private void watched(Consumer<Clip> action) {
        model.watchedProperty().get().ifPresent(action);
    }

    private void show(Clip clip) {
        String text = words.title(clip).lines().findFirst().orElse("");
        title.setText(text);
        Hints.on(title, words.title(clip));
        use.setVisible(clip.request().isPresent());
        use.setManaged(use.isVisible());
    }
}
