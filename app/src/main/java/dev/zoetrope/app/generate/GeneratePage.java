package dev.zoetrope.app.generate;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.files.ClipExport;
import dev.zoetrope.app.files.Exporting;
import dev.zoetrope.app.files.FileDialogs;
import dev.zoetrope.app.fx.KeyUse;
import dev.zoetrope.app.problem.Explanation;
import dev.zoetrope.app.problem.ProblemBanner;
import dev.zoetrope.app.problem.ProblemBanner.Remedy;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.problem.Problem;

import javafx.scene.control.ComboBoxBase;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import java.nio.file.Path;
import java.util.Optional;

/** Write a prompt, watch the clip emerge, keep it. */
public final class GeneratePage extends BorderPane {
    private final GenerateViewModel model;
    private final Messages messages;
    private final FileDialogs dialogs;
    private final ProblemBanner banner;
    private final GeneratePanel panel;
    private final ClipStage stage;

    public GeneratePage(
            GenerateViewModel model,
            Messages messages,
            FileDialogs dialogs,
            Thumbnails thumbnails) {
        this.model = model;
        this.messages = messages;
        this.dialogs = dialogs;
        this.banner = new ProblemBanner(messages, model::dismissProblem);
        this.panel = new GeneratePanel(model, messages, thumbnails, dialogs);
        this.stage = new ClipStage(model, messages, this::export, this::showInFolder);
        getStyleClass().add("generate-page");
        VBox.setVgrow(stage, Priority.ALWAYS);
        setLeft(panel);
        setCenter(new VBox(banner, stage));
        model.problemProperty().when(messages.spoken()).subscribe(this::show);
    }

    /**
     * Asks for a place and writes what is played of the clip there; nothing while there is none.
     */
    public void export() {
        model.render()
                .outputProperty()
                .get()
                .map(clip -> ClipExport.suggestion(clip, model.render().transport().part()))
                .flatMap(dialogs::saveAs)
                .ifPresent(model.render()::export);
    }

    /** Shows where the clip is, or was exported to; nothing while there is none. */
    public void showInFolder() {
        if (model.render().exporting().stateProperty().get()
                instanceof Exporting.State.Written(Path copy)) {
            dialogs.showInFolder(copy);
        } else {
            model.render().outputProperty().get().ifPresent(dialogs::showInFolder);
        }
    }

    /** Does what a key stands for on this page, and consumes it then. */
    public void onKey(KeyEvent event) {
        var focused = getScene().getFocusOwner();
        KeyCode key = event.getCode();
        if (key == KeyCode.ENTER && event.isShortcutDown()) {
            enter(event.isShiftDown());
            event.consume();
        } else if (key == KeyCode.E && event.isShortcutDown()) {
            export();
            event.consume();
        } else if (event.isAltDown()
                && (key == KeyCode.UP || key == KeyCode.DOWN)
                && !(focused instanceof ComboBoxBase<?>)) {
            if (key == KeyCode.UP) {
                model.olderPrompt();
            } else {
                model.newerPrompt();
            }
            panel.writeOn();
            event.consume();
        } else if (key == KeyCode.ESCAPE && model.editingProperty().get().isPresent()) {
            model.leaveChanges();
            event.consume();
        } else if (model.drafts().shownProperty().get() && KeyUse.plain(event)) {
            if (key == KeyCode.ESCAPE || stage.board().isFocusWithin()) {
                stage.board().handle(event);
            }
        } else if (key == KeyCode.ESCAPE) {
            // Nothing is lost: from the text the keys go to the player.
            stage.view().requestFocus();
            event.consume();
        } else if (key == KeyCode.F11 || !KeyUse.of(focused, key)) {
            if (key == KeyCode.S && KeyUse.plain(event)) {
                export();
                event.consume();
            } else {
                stage.controls().handle(event);
            }
        }
    }

    private void enter(boolean drafts) {
        if (model.editingProperty().get().isPresent()) {
            model.saveChanges();
        } else if (drafts) {
            model.draft();
        } else {
            model.generate();
        }
    }

    private void show(Optional<Problem> problem) {
        Optional<Explanation> explanation = problem.map(some -> Explanation.of(some, messages));
        if (model.render().state() instanceof GenerateState.Failed) {
            banner.show(explanation, new Remedy(messages.get("problem.retry"), model::generate));
        } else {
            banner.show(explanation);
        }
    }
}
