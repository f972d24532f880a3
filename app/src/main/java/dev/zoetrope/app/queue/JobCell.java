package dev.zoetrope.app.queue;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.fx.Hints;
import dev.zoetrope.app.fx.Subscriptions;
import dev.zoetrope.app.problem.Explanation;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.training.TrainingRequest;

import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.geometry.Side;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ProgressBar;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Rectangle;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignD;
import org.kordamp.ikonli.materialdesign2.MaterialDesignM;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A job in the list. */
final class JobCell extends ListCell<JobRow> {
    private static final double PICTURE_WIDTH = 64;
    private static final double PICTURE_HEIGHT = 42;
    private static final double SCROLL_BAR = 12;
    private static final PseudoClass ABOVE = PseudoClass.getPseudoClass("drop-above");
    private static final PseudoClass BELOW = PseudoClass.getPseudoClass("drop-below");
    private static final PseudoClass DRAGGED = PseudoClass.getPseudoClass("dragged");
    private static final PseudoClass FAILED = PseudoClass.getPseudoClass("failed");
    private static final PseudoClass ENDED = PseudoClass.getPseudoClass("ended");

    private final Thumbnails thumbnails;
    private final JobWords words;
    private final Messages messages;
    private final ImageView picture = new ImageView();
    private final FontIcon kind = new FontIcon();
    private final Label title = new Label();
    private final Label state = new Label();
    private final ProgressBar progress = new ProgressBar();
    private final Label survived = new Label();
    private final Label cause = new Label();
    private final Label remedy = new Label();
    private final Button more = new Button();
    private final HBox content;
    private final Subscriptions shown = new Subscriptions();
    private Optional<Path> pictured = Optional.empty();
    private Optional<Thumbnails.Wish> wish = Optional.empty();

    /**
     * @param menu what can be done with the selected jobs
     */
    JobCell(Thumbnails thumbnails, Messages messages, ContextMenu menu) {
        this.thumbnails = thumbnails;
        this.messages = messages;
        this.words = new JobWords(messages);
        getStyleClass().add("job-cell");

        picture.setPreserveRatio(true);
        var mask = new Rectangle(PICTURE_WIDTH, PICTURE_HEIGHT);
        mask.setArcWidth(8);
        mask.setArcHeight(8);
        var frame = new StackPane(kind, picture);
        frame.getStyleClass().add("picture");
        frame.setMinSize(PICTURE_WIDTH, PICTURE_HEIGHT);
        frame.setMaxSize(PICTURE_WIDTH, PICTURE_HEIGHT);
        frame.setClip(mask);

        title.getStyleClass().add("title");
        state.getStyleClass().add("state");
        progress.setMaxWidth(Double.MAX_VALUE);
        survived.setGraphic(new FontIcon(MaterialDesignS.SHIELD_CHECK_OUTLINE));
        survived.setText(messages.get("queue.survived"));
        survived.getStyleClass().add("survived");
        cause.getStyleClass().add("cause");
        remedy.getStyleClass().add("remedy");
        for (Label text : new Label[] {survived, cause, remedy}) {
            text.setWrapText(true);
        }
        var lines = new VBox(title, state, progress, survived, cause, remedy);
        lines.getStyleClass().add("lines");
        lines.setMinWidth(0);
        HBox.setHgrow(lines, Priority.ALWAYS);

        Buttons.icon(more, MaterialDesignD.DOTS_VERTICAL, messages.get("queue.more"));
        more.setFocusTraversable(false);
        more.setOnAction(_ -> {
            if (!isSelected()) {
                getListView().getSelectionModel().clearAndSelect(getIndex());
            }
            menu.show(more, Side.BOTTOM, 0, 0);
        });
        content = new HBox(frame, lines, more);
        content.setAlignment(Pos.TOP_LEFT);
        content.getStyleClass().add("content");
        // As wide as the list, so that long words are cut off or wrapped.
        setPrefWidth(0);
        setContextMenu(menu);
    }

    @Override
    protected void updateItem(@Nullable JobRow row, boolean empty) {
        if (row != null && row == getItem() && !empty) {
            super.updateItem(row, false);
            return;
        }
        super.updateItem(row, empty);
        shown.close();
        forgetPicture();
        setText(null);
        if (empty || row == null) {
            setGraphic(null);
            setAccessibleText(null);
        } else {
            setGraphic(content);
            shown.follow(row.jobProperty(), _ -> show(row));
            shown.follow(row.forecastProperty(), _ -> show(row));
        }
    }

    /** As high as its words are where the list is as wide as it is. */
    @Override
    protected double computePrefHeight(double width) {
        if (isEmpty()) {
            return super.computePrefHeight(width);
        }
        double room =
                getListView().getWidth() - SCROLL_BAR - snappedLeftInset() - snappedRightInset();
        return snappedTopInset() + content.prefHeight(room) + snappedBottomInset();
    }

    /** Shows that what is dragged would be put here. */
    void mark(boolean above, boolean below) {
        pseudoClassStateChanged(ABOVE, above);
        pseudoClassStateChanged(BELOW, below);
    }

    void markDragged(boolean dragged) {
        pseudoClassStateChanged(DRAGGED, dragged);
    }

    private void show(JobRow row) {
        QueuedJob job = row.get();
        String name = words.title(job.request());
        title.setText(name);
        Hints.on(title, name);
        state.setText(words.state(row));
        kind.setIconCode(icon(job.request()));
        boolean runs = job.status() == Status.RUNNING;
        progress.setProgress(
                runs && job.total() == 0 ? ProgressBar.INDETERMINATE_PROGRESS : row.fraction());
        present(progress, runs || (row.isWaiting() && job.done() > 0));
        present(survived, runs && job.losses() > 0);
        Optional<Explanation> explanation =
                job.problem().map(problem -> Explanation.of(problem, messages));
        cause.setText(explanation.map(Explanation::cause).orElse(""));
        remedy.setText(explanation.map(Explanation::remedy).orElse(""));
        present(cause, explanation.isPresent());
        present(remedy, explanation.isPresent());
        pseudoClassStateChanged(FAILED, explanation.isPresent());
        pseudoClassStateChanged(ENDED, job.status().isEnd());
        setAccessibleText(
                String.join(
                        ". ",
                        name,
                        state.getText(),
                        explanation.map(Explanation::asText).orElse("")));
        showPicture(row);
    }

    private static void present(Node node, boolean present) {
        node.setVisible(present);
        node.setManaged(present);
    }

    private void showPicture(JobRow row) {
        Optional<Path> clip = row.picture();
        if (clip.equals(pictured)) {
            return;
        }
        forgetPicture();
        pictured = clip;
        Instant changed = row.get().ended().orElse(Instant.EPOCH);
        wish = clip.map(file -> thumbnails.of(file, changed, this::showPicture));
    }

    private void showPicture(Image image) {
        // It fills the frame, whatever its shape.
        boolean wide = image.getWidth() / image.getHeight() > PICTURE_WIDTH / PICTURE_HEIGHT;
        picture.setFitHeight(wide ? PICTURE_HEIGHT : 0);
        picture.setFitWidth(wide ? 0 : PICTURE_WIDTH);
        picture.setImage(image);
    }

    private void forgetPicture() {
        wish.ifPresent(Thumbnails.Wish::drop);
        wish = Optional.empty();
        pictured = Optional.empty();
        picture.setImage(null);
    }

    private static Ikon icon(JobRequest request) {
        return switch (request) {
            case GenerationRequest _ -> MaterialDesignM.MOVIE_OPEN_OUTLINE;
            case ReconstructionRequest _ -> MaterialDesignS.SWAP_HORIZONTAL;
            case TrainingRequest _ -> MaterialDesignS.SCHOOL_OUTLINE;
            default -> MaterialDesignC.CHART_BOX_OUTLINE;
        };
    }
}
