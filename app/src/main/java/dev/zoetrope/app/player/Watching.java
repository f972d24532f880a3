package dev.zoetrope.app.player;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Whether somebody watches a clip; told again and again while it plays, to whom silence means that
 * nobody does. Of the JavaFX thread.
 */
public final class Watching {
    /**
     * A player.
     *
     * @param seen whether its page is shown
     */
    public record Player(Transport transport, BooleanSupplier seen) {}

    private final List<Player> players;
    private final Runnable watched;
    private final Executor later;
    private boolean looking;

    /**
     * @param watched is told
     * @param later runs on the JavaFX thread some seconds later
     */
    public Watching(List<Player> players, Runnable watched, Executor later) {
        this.players = List.copyOf(players);
        this.watched = watched;
        this.later = later;
        players.forEach(player -> player.transport().speedProperty().subscribe(_ -> begin()));
    }

    private void begin() {
        if (!looking) {
            look();
        }
    }

    private void look() {
        List<Player> playing =
                players.stream().filter(player -> player.transport().speed() != 0).toList();
        looking = !playing.isEmpty();
        if (looking) {
            if (playing.stream().anyMatch(player -> player.seen().getAsBoolean())) {
                watched.run();
            }
            later.execute(this::look);
        }
    }
}
