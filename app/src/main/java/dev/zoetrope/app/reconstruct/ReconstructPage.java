package dev.zoetrope.app.reconstruct;

import dev.zoetrope.app.files.DropTarget;
import dev.zoetrope.app.files.FileDialogs;
import dev.zoetrope.app.fx.KeyUse;
import dev.zoetrope.app.fx.Reveal;
import dev.zoetrope.app.player.ComparePlayer;
import dev.zoetrope.app.player.Comparison;
import dev.zoetrope.app.problem.Explanation;
import dev.zoetrope.app.problem.ProblemBanner;
import dev.zoetrope.app.problem.ProblemBanner.Remedy;
import dev.zoetrope.app.settings.SettingsStore;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.problem.Problem;

import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import java.nio.file.Path;
import java.util.Optional;

/** Drop a video, watch it being rebuilt, compare the two. */
public final class ReconstructPage extends StackPane {
    private final ReconstructViewModel model;
    private final Messages messages;
    private final FileDialogs dialogs;
    private final SettingsStore settings;
    private final ComparePlayer player;
    private final ProblemBanner banner;
    private final DropTarget drop;

    public ReconstructPage(
            ReconstructViewModel model,
            Messages messages,
            FileDialogs dialogs,
            SettingsStore settings,
            Optional<Path> sample) {
        this.model = model;
        this.messages = messages;
        this.dialogs = dialogs;
        this.settings = settings;
        this.player = new ComparePlayer(model.playback(), messages);
        this.banner = new ProblemBanner(messages, model::dismissProblem);
        this.drop = new DropTarget(messages, "drop.accept", "drop.several");
        getStyleClass().add("reconstruct-page");
        messages.spoken().subscribe((_, _) -> player.close());

        var panel =
                new VBox(
                        new SetupPanel(model, messages, this::chooseVideo),
                        new ResultPanel(model, messages, this::saveAs, this::showInFolder));
        panel.getStyleClass().add("side-panel-content");
        var side = new ScrollPane(panel);
        side.getStyleClass().add("side-panel");
        Reveal.focused(side);
        side.setFitToWidth(true);
        side.setFocusTraversable(false);
        side.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);

        var invitation = new Invitation(messages, sample, this::chooseVideo, model::open);
        var waiting = waiting();
        var hasClip =
                model.playback()
                        .comparisonProperty()
                        .when(messages.spoken())
                        .map(Optional::isPresent);
        var isWaiting =
                Bindings.createBooleanBinding(
                        this::waits, model.stateProperty(), model.progressProperty());
        player.visibleProperty().bind(hasClip);
        waiting.visibleProperty().bind(isWaiting);
        invitation
                .visibleProperty()
                .bind(
                        Bindings.createBooleanBinding(
                                () -> !hasClip.getValue() && !isWaiting.getValue(),
                                hasClip,
                                isWaiting));
        var stage = new StackPane(invitation, player, waiting);
        stage.getStyleClass().add("stage");
        VBox.setVgrow(stage, Priority.ALWAYS);
        // In this order, since it is the one that Tab follows.
        var content = new BorderPane();
        content.setLeft(side);
        content.setCenter(new VBox(banner, stage));
        getChildren().addAll(content, drop);

        model.problemProperty().when(messages.spoken()).subscribe(this::show);
        model.playback().comparisonProperty().when(messages.spoken()).subscribe(this::focusOn);
        drop.watch(this, this::open);
    }

    /** Asks for a video and opens it. */
    public void chooseVideo() {
        dialogs.open(settings.settings().remembered().lastFolder()).ifPresent(this::open);
    }

    /** Asks for a place and saves the result there; nothing while there is none. */
    public void saveAs() {
        output().flatMap(dialogs::saveAs).ifPresent(model::saveAs);
    }

    /** Shows where the result is; nothing while there is none. */
    public void showInFolder() {
        model.copyProperty().get().or(this::output).ifPresent(dialogs::showInFolder);
    }

    /** The player of this page. */
    public ComparePlayer player() {
        return player;
    }

    /** What hanging over the page with a file says now. */
    String dropWords() {
        return drop.words();
    }

    private void open(Path video) {
        Path folder = video.toAbsolutePath().getParent();
        if (folder != null) {
            settings.update(now -> now.remembered(before -> before.withLastFolder(folder)));
        }
        model.open(video);
    }

    private void focusOn(Optional<Comparison> clip) {
        boolean typing =
                getScene() != null && getScene().getFocusOwner() instanceof TextInputControl;
        if (clip.isPresent() && !typing) {
            player.takeFocus();
        }
    }

    private Optional<Path> output() {
        return model.state() instanceof RunState.Finished(Path output, _)
                ? Optional.of(output)
                : Optional.empty();
    }

    /** Whether there is nothing to look at yet. */
    private boolean waits() {
        return switch (model.state()) {
            case RunState.Preparing _ -> true;
            case RunState.Running _ -> model.progressProperty().get().done() == 0;
            case RunState.Empty _, RunState.Cancelled _, RunState.Failed _, RunState.Finished _ ->
                    false;
        };
    }

    private String whatFor() {
        if (model.state() instanceof RunState.Running) {
            return "waiting.frames";
        }
        return model.codecs().isEmpty() ? "waiting.models" : "waiting.video";
    }

    private Node waiting() {
        var words = new Label();
        words.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () -> messages.get(whatFor()),
                                model.codecs(),
                                model.stateProperty()));
        var box = new VBox(new ProgressIndicator(), words);
        box.getStyleClass().add("waiting");
        box.setMouseTransparent(true);
        return box;
    }

    private void show(Optional<Problem> problem) {
        Optional<Explanation> explanation = problem.map(some -> Explanation.of(some, messages));
        if (model.state() instanceof RunState.Failed) {
            banner.show(
                    explanation,
                    new Remedy(messages.get("problem.retry"), model::start),
                    new Remedy(messages.get("problem.other"), this::chooseVideo));
        } else {
            banner.show(explanation);
        }
    }

    /** Does what a key stands for on this page, and consumes it then. */
    public void onKey(KeyEvent event) {
        if (KeyUse.of(getScene().getFocusOwner(), event.getCode())) {
            return;
        }
        switch (event.getCode()) {
            case ESCAPE -> {
                if (model.busy()) {
                    model.cancel();
                    event.consume();
                }
            }
            case S -> {
                if (plain(event)) {
                    saveAs();
                    event.consume();
                }
            }
            default -> player.handle(event);
        }
    }

    private static boolean plain(KeyEvent event) {
        return !event.isShortcutDown() && !event.isAltDown() && !event.isShiftDown();
    }
}
