package dev.zoetrope.app.queue;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.fx.Buttons;
import dev.zoetrope.app.problem.ProblemBanner;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.QueuedJob;

import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignB;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** All jobs beside the page: how far they are, in which order they come, what became of them. */
public final class QueuePanel extends VBox {
    /** Near the ends of the list a drag scrolls it. */
    private static final double SCROLL_ZONE = 28;

    private static final double SCROLL_PIXELS = 12;

    /** What is being dragged, and by which cell it was taken. */
    private record Drag(JobRow row, JobCell cell) {}

    /** Where a job would be put down. */
    private record Gap(JobCell cell, boolean above, Optional<JobRow> before) {}

    private final QueueViewModel model;
    private final Messages messages;
    private final BiConsumer<String, GenerationRequest> edit;
    private final ListView<JobRow> list;
    private final ContextMenu menu = new ContextMenu();
    private Optional<Drag> dragged = Optional.empty();
    private Optional<Gap> gap = Optional.empty();

    /**
     * @param edit takes the settings of a clip that is to come, by its job, to where clips are set
     */
    public QueuePanel(
            QueueViewModel model,
            Thumbnails thumbnails,
            Messages messages,
            BiConsumer<String, GenerationRequest> edit) {
        this.model = model;
        this.edit = edit;
        this.messages = messages;
        getStyleClass().add("queue-panel");

        list = new ListView<>(model.rows());
        list.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        list.setAccessibleText(messages.get("queue.title"));
        list.setCellFactory(_ -> new JobCell(thumbnails, messages, menu));
        list.setPlaceholder(placeholder());
        list.addEventHandler(KeyEvent.KEY_PRESSED, this::press);
        list.addEventFilter(MouseEvent.DRAG_DETECTED, this::beginDrag);
        list.addEventFilter(MouseEvent.MOUSE_DRAGGED, this::drag);
        list.addEventFilter(MouseEvent.MOUSE_RELEASED, this::endDrag);
        VBox.setVgrow(list, Priority.ALWAYS);
        menu.setOnShowing(_ -> fillMenu());
        // One without any item is never shown.
        fillMenu();

        var banner = new ProblemBanner(messages, model::dismissProblem);
        banner.follow(model.problemProperty());
        getChildren().addAll(header(), banner, list);
    }

    private Node header() {
        var title = new Label(messages.get("queue.title"));
        title.getStyleClass().add("panel-title");
        var count = new Label();
        count.getStyleClass().add("count");
        var words = new JobWords(messages);
        count.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () ->
                                        words.toCome(
                                                model.openProperty().get(),
                                                model.leftProperty().get()),
                                model.openProperty(),
                                model.leftProperty()));
        var space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        var pause = Buttons.icon(new Button(), MaterialDesignP.PAUSE, "");
        model.pausableProperty().when(messages.spoken()).subscribe(_ -> showPause(pause));
        model.resumableProperty().when(messages.spoken()).subscribe(_ -> showPause(pause));
        pause.setOnAction(_ -> {
            if (model.pausableProperty().get()) {
                model.pauseAll();
            } else {
                model.resumeAll();
            }
        });
        var clear =
                Buttons.icon(
                        new Button(), MaterialDesignB.BROOM, messages.get("queue.remove.ended"));
        clear.setOnAction(_ -> model.removeEnded());
        var header = new HBox(title, count, space, pause, clear);
        header.setAlignment(Pos.CENTER_LEFT);
        header.getStyleClass().add("header");
        return header;
    }

    private void showPause(Button button) {
        boolean pauses = model.pausableProperty().get() || !model.resumableProperty().get();
        button.setGraphic(new FontIcon(pauses ? MaterialDesignP.PAUSE : MaterialDesignP.PLAY));
        Buttons.name(button, messages.get(pauses ? "queue.pause.all" : "queue.resume.all"));
        button.setDisable(!model.pausableProperty().get() && !model.resumableProperty().get());
    }

    private Node placeholder() {
        var title = new Label(messages.get("queue.empty"));
        title.getStyleClass().add("title");
        var explanation = new Label(messages.get("queue.empty.explanation"));
        explanation.setWrapText(true);
        explanation.getStyleClass().add("explanation");
        var box = new VBox(title, explanation);
        box.getStyleClass().add("nothing");
        return box;
    }

    private List<JobRow> selected() {
        return List.copyOf(list.getSelectionModel().getSelectedItems());
    }

    private void fillMenu() {
        menu.getItems()
                .setAll(
                        item("queue.resume", JobRow::canResume, model::resume),
                        item("queue.pause", JobRow::canPause, model::pause),
                        item("queue.finish", JobRow::canFinishEarly, model::finishEarly),
                        item("queue.stop", JobRow::canStop, model::stop),
                        new SeparatorMenuItem(),
                        editItem(),
                        item("queue.sooner", JobRow::isWaiting, _ -> moveBy(-1)),
                        item("queue.later", JobRow::isWaiting, _ -> moveBy(1)),
                        item("queue.duplicate", _ -> true, model::duplicate),
                        new SeparatorMenuItem(),
                        item("queue.remove", _ -> true, model::remove));
    }

    private MenuItem item(String key, Predicate<JobRow> possible, Consumer<List<JobRow>> action) {
        var item = new MenuItem(messages.get(key));
        item.setDisable(selected().stream().noneMatch(possible));
        item.setOnAction(_ -> action.accept(selected()));
        return item;
    }

    private MenuItem editItem() {
        MenuItem item = item("queue.edit", JobRow::canEdit, _ -> edit());
        item.setDisable(item.isDisable() || selected().size() > 1);
        return item;
    }

    private void edit() {
        if (selected().size() == 1) {
            QueuedJob job = selected().getFirst().get();
            if (selected().getFirst().canEdit()
                    && job.request() instanceof GenerationRequest request) {
                edit.accept(job.id(), request);
            }
        }
    }

    private void press(KeyEvent event) {
        boolean known = !selected().isEmpty();
        switch (event.getCode()) {
            case DELETE, BACK_SPACE -> model.remove(selected());
            case P -> pauseOrResume();
            case E -> edit();
            case UP, DOWN -> {
                known &= event.isAltDown();
                if (known) {
                    moveBy(event.getCode() == KeyCode.UP ? -1 : 1);
                }
            }
            case D -> {
                known &= event.isShortcutDown();
                if (known) {
                    model.duplicate(selected());
                }
            }
            default -> known = false;
        }
        if (known) {
            event.consume();
        }
    }

    private void pauseOrResume() {
        if (selected().stream().anyMatch(JobRow::canPause)) {
            model.pause(selected());
        } else {
            model.resume(selected());
        }
    }

    private void moveBy(int places) {
        List<JobRow> rows = selected();
        if (rows.size() == 1) {
            model.moveBy(rows.getFirst(), places);
        }
    }

    private void beginDrag(MouseEvent event) {
        dragged =
                event.getButton() == MouseButton.PRIMARY
                        ? cell(event)
                                .filter(cell -> cell.getItem().isWaiting())
                                .map(cell -> new Drag(cell.getItem(), cell))
                        : Optional.empty();
        dragged.ifPresent(drag -> drag.cell().markDragged(true));
    }

    private void drag(MouseEvent event) {
        if (dragged.isEmpty()) {
            return;
        }
        event.consume();
        scroll(event.getY());
        gap.ifPresent(old -> old.cell().mark(false, false));
        gap = cell(event).flatMap(cell -> gapAt(cell, event));
        gap.ifPresent(now -> now.cell().mark(now.above(), !now.above()));
    }

    private Optional<Gap> gapAt(JobCell cell, MouseEvent event) {
        if (!cell.getItem().isWaiting()) {
            return Optional.empty();
        }
        double y = cell.sceneToLocal(event.getSceneX(), event.getSceneY()).getY();
        if (y < cell.getHeight() / 2) {
            return Optional.of(new Gap(cell, true, Optional.of(cell.getItem())));
        }
        Optional<JobRow> next =
                model.rows().stream()
                        .skip(cell.getIndex() + 1L)
                        .findFirst()
                        .filter(JobRow::isWaiting);
        return Optional.of(new Gap(cell, false, next));
    }

    private void endDrag(MouseEvent event) {
        if (dragged.isEmpty()) {
            return;
        }
        JobRow row = dragged.get().row();
        dragged.get().cell().markDragged(false);
        gap.ifPresent(where -> {
            where.cell().mark(false, false);
            model.move(row, where.before());
        });
        dragged = Optional.empty();
        gap = Optional.empty();
        event.consume();
    }

    private void scroll(double y) {
        if (list.lookup(".virtual-flow") instanceof VirtualFlow<?> flow) {
            if (y < SCROLL_ZONE) {
                flow.scrollPixels(-SCROLL_PIXELS);
            } else if (y > list.getHeight() - SCROLL_ZONE) {
                flow.scrollPixels(SCROLL_PIXELS);
            }
        }
    }

    /** The job under the pointer. */
    private static Optional<JobCell> cell(MouseEvent event) {
        Node node = event.getPickResult().getIntersectedNode();
        while (node != null && !(node instanceof JobCell)) {
            node = node.getParent();
        }
        return node instanceof JobCell cell && cell.getItem() != null
                ? Optional.of(cell)
                : Optional.empty();
    }
}
