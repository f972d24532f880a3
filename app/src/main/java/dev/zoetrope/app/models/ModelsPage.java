package dev.zoetrope.app.models;

import atlantafx.base.theme.Styles;

import dev.zoetrope.app.files.DropTarget;
import dev.zoetrope.app.files.FileDialogs;
import dev.zoetrope.app.form.Form;
import dev.zoetrope.app.problem.ProblemBanner;
import dev.zoetrope.app.text.Messages;

import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.collections.WeakListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;

import java.nio.file.Path;
import java.util.Optional;

/** Which models there are and what they can do; drop one to have it too. */
public final class ModelsPage extends StackPane {
    private final ModelsViewModel model;
    private final Messages messages;
    private final FileDialogs dialogs;
    private final Path folder;
    private final VBox cards = new VBox();
    private final ListChangeListener<InstalledModel> relisted = _ -> showModels();

    /**
     * @param folder where the models are
     */
    public ModelsPage(ModelsViewModel model, Messages messages, FileDialogs dialogs, Path folder) {
        this.model = model;
        this.messages = messages;
        this.dialogs = dialogs;
        this.folder = folder;
        getStyleClass().addAll("stage", "models-page");
        var banner = new ProblemBanner(messages, model::dismissProblem);
        banner.follow(model.problemProperty());
        cards.getStyleClass().add("cards");
        var content = new VBox(head(), status(), waiting(), cards);
        content.getStyleClass().add("content");
        var scroll = Form.column(content);
        var drop = new DropTarget(messages, "models.drop", "models.drop.several");
        getChildren().addAll(new VBox(banner, scroll), drop);

        model.models().addListener(new WeakListChangeListener<>(relisted));
        showModels();
        drop.watch(this, model::importFrom);
        // Trainings and command lines bring models too, so it looks again whenever it is shown.
        sceneProperty()
                .subscribe(scene -> {
                    if (scene != null) {
                        model.list();
                    }
                });
    }

    /** Gives an import up when Escape is pressed. */
    public void onKey(KeyEvent event) {
        if (event.getCode() == KeyCode.ESCAPE && model.busy()) {
            model.cancel();
            event.consume();
        }
    }

    private Node head() {
        var place = new Label(messages.get("models.place", folder));
        place.getStyleClass().add("facts");
        place.setWrapText(true);
        var title = new Label(messages.get("models.title"));
        title.getStyleClass().add("title");
        var words = new VBox(title, place);
        words.getStyleClass().add("words");
        var busy = Bindings.createBooleanBinding(model::busy, model.importingProperty());
        var file =
                button(
                        "models.import.file",
                        MaterialDesignF.FILE_PLUS_OUTLINE,
                        () -> dialogs.weights().ifPresent(model::importFrom));
        var whole =
                button(
                        "models.import.folder",
                        MaterialDesignF.FOLDER_PLUS_OUTLINE,
                        () -> dialogs.folder(Optional.empty()).ifPresent(model::importFrom));
        whole.getStyleClass().add(Styles.ACCENT);
        file.disableProperty().bind(busy);
        whole.disableProperty().bind(busy);
        var show =
                button(
                        "models.show",
                        MaterialDesignF.FOLDER_OUTLINE,
                        () -> dialogs.showFolder(folder));
        var buttons = new FlowPane(whole, file, show);
        buttons.getStyleClass().add("buttons");
        var head = new VBox(words, buttons);
        head.getStyleClass().add("head");
        return head;
    }

    private Button button(String key, Ikon icon, Runnable action) {
        var button = new Button(messages.get(key), new FontIcon(icon));
        button.setMnemonicParsing(true);
        button.setOnAction(_ -> action.run());
        return button;
    }

    /** How far an import is, or how it ended. */
    private Node status() {
        var words = new Label();
        words.setWrapText(true);
        var bar = new ProgressBar();
        bar.setMaxWidth(Double.MAX_VALUE);
        bar.setAccessibleText(messages.get("setup.progress"));
        bar.managedProperty().bind(bar.visibleProperty());
        var cancel = new Button(messages.get("models.import.cancel"));
        cancel.setMnemonicParsing(true);
        cancel.setOnAction(_ -> model.cancel());
        cancel.setMinWidth(Region.USE_PREF_SIZE);
        cancel.managedProperty().bind(cancel.visibleProperty());
        var column = new VBox(words, bar);
        column.getStyleClass().add("words");
        column.setAlignment(Pos.CENTER_LEFT);
        column.setMinWidth(0);
        HBox.setHgrow(column, Priority.ALWAYS);
        var box = new HBox(column, cancel);
        box.getStyleClass().addAll("card", "status");
        box.setAlignment(Pos.CENTER_LEFT);
        box.managedProperty().bind(box.visibleProperty());
        model.importingProperty()
                .when(messages.spoken())
                .subscribe(step -> {
                    box.setVisible(!(step instanceof Importing.Idle));
                    bar.setVisible(model.busy());
                    cancel.setVisible(model.busy());
                    words.setGraphic(
                            step instanceof Importing.Done
                                    ? new FontIcon(MaterialDesignC.CHECK_CIRCLE_OUTLINE)
                                    : null);
                    bar.setProgress(
                            step instanceof Importing.Copying(_, double fraction)
                                    ? fraction
                                    : ProgressBar.INDETERMINATE_PROGRESS);
                    words.setText(
                            switch (step) {
                                case Importing.Idle _ -> "";
                                case Importing.Checking(Path place) ->
                                        messages.get("models.checking", place.getFileName());
                                case Importing.Copying(String name, double fraction) ->
                                        messages.get("models.copying", name, fraction);
                                case Importing.Done(String name) ->
                                        messages.get("models.imported", name);
                            });
                });
        return box;
    }

    private Node waiting() {
        var words = new Label(messages.get("models.listing"));
        words.getStyleClass().add("facts");
        words.visibleProperty().bind(model.listedProperty().not());
        words.managedProperty().bind(words.visibleProperty());
        return words;
    }

    private void showModels() {
        cards.getChildren()
                .setAll(
                        model.models().stream()
                                .map(one ->
                                        new ModelCard(
                                                one, messages, () -> model.remove(one.name())))
                                .toList());
    }
}
