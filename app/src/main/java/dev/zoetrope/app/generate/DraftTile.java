package dev.zoetrope.app.generate;

import dev.zoetrope.app.fx.Subscriptions;
import dev.zoetrope.app.player.FilmView;
import dev.zoetrope.app.player.Transport;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.media.FrameSize;

import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.AccessibleAction;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import java.util.function.Consumer;
import java.util.function.Supplier;

/** A draft among others, and under it its seed and how far it is. */
final class DraftTile extends VBox implements AutoCloseable {
    private static final PseudoClass READY = PseudoClass.getPseudoClass("ready");

    private final Draft draft;
    private final Runnable look;
    private final Subscriptions shown = new Subscriptions();

    /**
     * @param size of the clip while it has no plan
     * @param look looks at it alone
     */
    DraftTile(Draft draft, Messages messages, Supplier<FrameSize> size, Consumer<Draft> look) {
        this.draft = draft;
        this.look = () -> look.accept(draft);
        getStyleClass().add("draft-tile");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.BUTTON);
        var view = new FilmView(new Transport(), "");
        view.setFocusTraversable(false);
        view.setMouseTransparent(true);
        var hint = new Label();
        hint.getStyleClass().add("hint");
        var picture = new StackPane(view, hint);
        picture.setMinSize(0, 0);
        VBox.setVgrow(picture, Priority.ALWAYS);
        var seed = new Label(messages.get("generate.drafts.seed", draft.request().seed()));
        seed.getStyleClass().add("seed");
        var state = new Label();
        state.getStyleClass().add("how-far");
        state.setMinWidth(USE_PREF_SIZE);
        var space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        var caption = new HBox(seed, space, state);
        caption.getStyleClass().add("about");
        caption.setAlignment(Pos.CENTER_LEFT);
        getChildren().addAll(picture, caption);
        Runnable change =
                () -> {
                    String words = words(draft, messages);
                    state.setText(words);
                    hint.setText(draft.lookProperty().get().isEmpty() ? words : "");
                    setAccessibleText(seed.getText() + ", " + words);
                    pseudoClassStateChanged(READY, draft.isReady());
                };
        shown.follow(draft.stateProperty().when(messages.spoken()), _ -> change.run());
        shown.follow(draft.stepProperty().when(messages.spoken()), _ -> change.run());
        shown.follow(
                draft.lookProperty().when(messages.spoken()),
                seen -> {
                    view.sizeProperty().set(size(draft, size));
                    view.filmProperty().set(seen.map(Look::film));
                    change.run();
                });
        addEventHandler(
                MouseEvent.MOUSE_CLICKED,
                event -> {
                    if (event.getButton() == MouseButton.PRIMARY) {
                        requestFocus();
                        this.look.run();
                    }
                });
    }

    static FrameSize size(Draft draft, Supplier<FrameSize> unplanned) {
        return draft.plan()
                .map(plan -> new FrameSize(plan.height(), plan.width()))
                .orElseGet(unplanned);
    }

    static String words(Draft draft, Messages messages) {
        return switch (draft.stateProperty().get()) {
            case WAITING -> messages.get("generate.drafts.waiting");
            case SAMPLING ->
                    messages.get(
                            "generate.drafts.sampling", draft.stepProperty().get(), draft.steps());
            case READY -> messages.get("generate.drafts.ready");
            case FAILED -> messages.get("generate.drafts.failed");
        };
    }

    Draft draft() {
        return draft;
    }

    @Override
    public void executeAccessibleAction(AccessibleAction action, Object... parameters) {
        if (action == AccessibleAction.FIRE) {
            look.run();
        } else {
            super.executeAccessibleAction(action, parameters);
        }
    }

    @Override
    public void close() {
        shown.close();
    }
}
