package dev.zoetrope.app.library;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.files.ClipExport;
import dev.zoetrope.app.files.DropTarget;
import dev.zoetrope.app.files.ExportLine;
import dev.zoetrope.app.files.FileDialogs;
import dev.zoetrope.app.form.Form;
import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.player.ComparePlayer;
import dev.zoetrope.app.problem.Explanation;
import dev.zoetrope.app.problem.ProblemBanner;
import dev.zoetrope.app.problem.ProblemBanner.Remedy;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.generation.GenerationRequest;

import javafx.beans.binding.Bindings;
import javafx.beans.property.ObjectProperty;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.collections.WeakListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Everything that was made: find it, look at it, compare it, make more like it. */
public final class LibraryPage extends StackPane {
    private final LibraryViewModel model;
    private final Messages messages;
    private final FileDialogs dialogs;
    private final ProblemBanner banner;
    private final TextField search = new TextField();
    private final ClipGrid grid;
    private final DetailsPanel details;
    private final ClipViewer viewer;
    private final BorderPane browser = new BorderPane();
    private final BorderPane content = new BorderPane();

    // Held here, since the model of the page does not hold them.
    private final List<ListChangeListener<?>> listeners = new ArrayList<>();

    private Optional<ComparePlayer> player = Optional.empty();

    /**
     * @param useSettings makes use of how a clip was made
     */
    public LibraryPage(
            LibraryViewModel model,
            Thumbnails thumbnails,
            Messages messages,
            FileDialogs dialogs,
            Consumer<GenerationRequest> useSettings) {
        this.model = model;
        this.messages = messages;
        this.banner = new ProblemBanner(messages, model::dismissProblem);
        this.dialogs = dialogs;
        Consumer<Clip> reveal = clip -> dialogs.showInFolder(clip.file());
        var menu = new ClipMenu(model, messages, useSettings, this::export, reveal);
        this.grid = new ClipGrid(model, thumbnails, messages, menu);
        this.details =
                new DetailsPanel(model, thumbnails, messages, useSettings, this::export, reveal);
        this.viewer = new ClipViewer(model, messages, useSettings, this::export, reveal);
        getStyleClass().add("library-page");

        var stage = new StackPane(grid, nothing());
        stage.getStyleClass().add("stage");
        browser.setTop(bar());
        browser.setCenter(stage);
        browser.setRight(details);
        content.setTop(banner);
        content.setCenter(browser);
        var drop = new DropTarget(messages, "library.drop", "library.drop.several");
        getChildren().addAll(content, drop);

        drop.watch(this, model::show);
        model.problemProperty().when(messages.spoken()).subscribe(_ -> showProblem());
        model.untrashableProperty().when(messages.spoken()).subscribe(_ -> showProblem());
        model.comparedProperty().when(messages.spoken()).subscribe(this::showComparison);
        model.watchedProperty().when(messages.spoken()).subscribe(this::showWatched);
        messages.spoken().subscribe((_, _) -> player.ifPresent(ComparePlayer::close));
        // While it is not looked at it looks for nothing, and nothing plays.
        sceneProperty()
                .subscribe(scene -> {
                    if (scene == null) {
                        grid.stop();
                        details.stop();
                    } else {
                        model.refresh();
                        if (model.watchedProperty().get().isEmpty()) {
                            details.play();
                            grid.requestFocus();
                        }
                    }
                });
    }

    /** Asks for a place and writes the clip there that is shown; nothing while there is none. */
    public void export() {
        model.watchedProperty().get().or(model.detailedProperty()::get).ifPresent(this::export);
    }

    private void export(Clip clip) {
        dialogs.saveAs(ClipExport.suggestion(clip.file(), model.part(clip)))
                .ifPresent(target -> model.export(clip, target));
    }

    /** Does what a key stands for on this page, and consumes it then. */
    public void onKey(KeyEvent event) {
        if (event.getCode() == KeyCode.E && event.isShortcutDown() && player.isEmpty()) {
            export();
            event.consume();
        } else if (player.isPresent()) {
            if (event.getCode() == KeyCode.ESCAPE) {
                model.endComparison();
                event.consume();
            } else {
                player.get().handle(event);
            }
        } else if (model.watchedProperty().get().isPresent()) {
            viewer.handle(event);
        } else if (event.getCode() == KeyCode.F && event.isShortcutDown()) {
            search.requestFocus();
            search.selectAll();
            event.consume();
        } else if (event.getCode() == KeyCode.F5) {
            model.refresh();
            event.consume();
        } else if (event.getCode() == KeyCode.ESCAPE && search.isFocused()) {
            search.clear();
            grid.requestFocus();
            event.consume();
        }
    }

    private Node bar() {
        search.setPromptText(messages.get("library.search"));
        search.setAccessibleText(messages.get("library.search"));
        search.textProperty().bindBidirectional(model.filter().searchProperty());
        search.getStyleClass().add("search");
        HBox.setHgrow(search, Priority.SOMETIMES);

        var count = new Label();
        count.getStyleClass().add("count");
        count.setMinWidth(Region.USE_PREF_SIZE);
        count.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                this::count, model.shownProperty(), model.clipsProperty()));
        var space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        var bar =
                new HBox(
                        search,
                        models(),
                        sizes(),
                        ages(),
                        starred(),
                        everything(),
                        space,
                        new ExportLine(model.exporting(), messages),
                        count);
        bar.getStyleClass().add("library-bar");
        bar.setAlignment(Pos.CENTER_LEFT);
        return bar;
    }

    private String count() {
        int shown = model.shownProperty().get().size();
        int all = model.clipsProperty().get().size();
        return shown == all
                ? messages.get("library.count", all)
                : messages.get("library.count.of", shown, all);
    }

    private Node models() {
        return choice(
                "library.models",
                name -> name.orElseGet(() -> messages.get("library.models.all")),
                model.models(),
                model.filter().madeByProperty());
    }

    private Node sizes() {
        return choice(
                "library.size",
                size ->
                        size.map(some ->
                                        messages.get(
                                                "library.size.value", some.width(), some.height()))
                                .orElseGet(() -> messages.get("library.sizes.all")),
                model.sizes(),
                model.filter().sizeProperty());
    }

    /** A choice among what there is, or all of it. */
    private <T> Node choice(
            String nameKey,
            Function<Optional<T>, String> words,
            ObservableList<T> offered,
            ObjectProperty<Optional<T>> chosen) {
        var choice = new ComboBox<Optional<T>>();
        choice.setConverter(Form.shown(words));
        choice.setAccessibleText(messages.get(nameKey));
        Runnable fill =
                () -> {
                    Optional<T> before = chosen.get();
                    List<Optional<T>> items = new ArrayList<>(List.of(Optional.empty()));
                    offered.forEach(one -> items.add(Optional.of(one)));
                    choice.getItems().setAll(items);
                    choice.setValue(items.contains(before) ? before : Optional.empty());
                };
        ListChangeListener<T> changed = _ -> fill.run();
        listeners.add(changed);
        offered.addListener(new WeakListChangeListener<>(changed));
        fill.run();
        choice.valueProperty()
                .subscribe(value -> {
                    if (value != null) {
                        chosen.set(value);
                    }
                });
        chosen.when(messages.spoken()).subscribe(choice::setValue);
        return choice;
    }

    private Node ages() {
        var choice = new ComboBox<Age>();
        choice.setConverter(
                Form.shown(age ->
                        messages.get(
                                switch (age) {
                                    case ANY -> "library.age.any";
                                    case TODAY -> "library.age.today";
                                    case WEEK -> "library.age.week";
                                    case MONTH -> "library.age.month";
                                    case YEAR -> "library.age.year";
                                })));
        choice.setAccessibleText(messages.get("library.age"));
        choice.getItems().setAll(Age.values());
        choice.valueProperty().bindBidirectional(model.filter().ageProperty());
        return choice;
    }

    /** Leads back to everything; there only while something is left out. */
    private Node everything() {
        var button =
                Buttons.icon(
                        new Button(),
                        MaterialDesignF.FILTER_REMOVE_OUTLINE,
                        messages.get("library.everything.name"));
        button.setOnAction(_ -> showEverything());
        button.visibleProperty()
                .bind(
                        Bindings.createBooleanBinding(
                                () ->
                                        model.shownProperty().get().size()
                                                < model.clipsProperty().get().size(),
                                model.shownProperty(),
                                model.clipsProperty()));
        return button;
    }

    private void showEverything() {
        model.filter().clear();
        grid.requestFocus();
    }

    private Node starred() {
        var button =
                Buttons.icon(
                        new ToggleButton(),
                        MaterialDesignS.STAR_OUTLINE,
                        messages.get("library.starred"));
        button.selectedProperty().bindBidirectional(model.filter().starredOnlyProperty());
        return button;
    }

    /** What is said where there is no clip to show. */
    private Node nothing() {
        var waiting = new VBox(new ProgressIndicator(), new Label(messages.get("library.looking")));
        waiting.getStyleClass().add("waiting");
        waiting.visibleProperty().bind(model.lookedProperty().not());

        var title = new Label();
        title.getStyleClass().add("title");
        var explanation = new Label();
        explanation.getStyleClass().add("explanation");
        explanation.setWrapText(true);
        var all = new Button(messages.get("library.everything"));
        all.setMnemonicParsing(true);
        all.setOnAction(_ -> showEverything());
        var words = new VBox(title, explanation, all);
        words.getStyleClass().add("nothing");
        words.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        model.clipsProperty()
                .when(messages.spoken())
                .subscribe(clips -> {
                    String key = clips.isEmpty() ? "library.empty" : "library.unfound";
                    title.setText(messages.get(key));
                    all.setVisible(!clips.isEmpty());
                    all.setManaged(!clips.isEmpty());
                    explanation.setText(
                            messages.get(
                                    clips.isEmpty()
                                            ? "library.empty.explanation"
                                            : "library.unfound.explanation"));
                });
        words.visibleProperty()
                .bind(
                        Bindings.createBooleanBinding(
                                () ->
                                        model.lookedProperty().get()
                                                && model.shownProperty().get().isEmpty(),
                                model.lookedProperty(),
                                model.shownProperty()));
        waiting.setMouseTransparent(true);
        var both = new StackPane(waiting, words);
        both.setPickOnBounds(false);
        return both;
    }

    private void showComparison(Optional<SideBySide> both) {
        player.ifPresent(ComparePlayer::close);
        player = Optional.empty();
        if (both.isEmpty()) {
            content.setCenter(browser);
            details.play();
            return;
        }
        grid.stop();
        details.stop();
        var shown =
                new ComparePlayer(
                        model.playback(),
                        messages,
                        String.valueOf(both.get().left().file().getFileName()),
                        String.valueOf(both.get().right().file().getFileName()));
        player = Optional.of(shown);
        VBox.setVgrow(shown, Priority.ALWAYS);
        var back =
                new Button(messages.get("library.back"), new FontIcon(MaterialDesignA.ARROW_LEFT));
        back.setMnemonicParsing(true);
        back.getStyleClass().add("quiet");
        back.setOnAction(_ -> model.endComparison());
        var bar = new HBox(back);
        bar.getStyleClass().add("library-bar");
        var stage = new StackPane(shown);
        stage.getStyleClass().add("stage");
        VBox.setVgrow(stage, Priority.ALWAYS);
        content.setCenter(new VBox(bar, stage));
        shown.takeFocus();
    }

    private void showWatched(Optional<Clip> clip) {
        if (clip.isEmpty()) {
            content.setCenter(browser);
            if (getScene() != null) {
                details.play();
                grid.requestFocus();
            }
        } else if (content.getCenter() != viewer) {
            grid.stop();
            details.stop();
            content.setCenter(viewer);
            viewer.takeFocus();
        }
    }

    private void showProblem() {
        List<Clip> stay = model.untrashableProperty().get();
        if (stay.isEmpty()) {
            banner.show(model.problemProperty().get().map(some -> Explanation.of(some, messages)));
        } else {
            banner.show(
                    Optional.of(
                            new Explanation(
                                    messages.get("library.untrashable"),
                                    messages.get(
                                            "library.untrashable.cause",
                                            stay.size(),
                                            stay.getFirst().file().getFileName()),
                                    messages.get("library.untrashable.remedy"))),
                    new Remedy(messages.get("library.delete.now"), model::deleteForGood));
        }
    }
}
