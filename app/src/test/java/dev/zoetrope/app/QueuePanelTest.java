package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.Closer;

import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.Problem;

import javafx.scene.Node;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** The queue from the outside. */
@NeedsFontLibraries
final class QueuePanelTest {
    /** Far above what it takes, so that a busy machine is not taken for a busy thread. */
    private static final long HELD_UP_MILLIS = 1_000;

    private static final int MOST_CELLS = 40;

    @TempDir Path home;

    private final FakeLedger ledger = new FakeLedger();
    @AutoClose private final Closer opened = Closer.create();

    private Studio open(int waiting) throws TimeoutException {
        for (int i = 1; i <= waiting; i++) {
            add("boat " + i, Status.PENDING);
        }
        var studio = openClosed();
        studio.press(KeyCode.CONTROL, KeyCode.J);
        int all = ledger.jobs().size();
        studio.await("the jobs are there", () -> studio.queue().rows().size() == all);
        studio.await("they are shown", () -> cells(studio).size() >= Math.min(3, all));
        return studio;
    }

    private Studio openClosed() throws TimeoutException {
        var runtime = new FakeRuntime(new PaperScene(96, 54, 12, 24));
        runtime.keepIn(ledger);
        return opened.register(Studio.open(home, runtime));
    }

    private String add(String prompt, Status status) {
        return ledger.add(
                        Clips.request(prompt, "starter", 1, home.resolve(prompt + ".mp4")),
                        status,
                        0,
                        0)
                .id();
    }

    private static List<Node> cells(Studio studio) {
        return Studio.fx(() ->
                studio.scene().getRoot().lookupAll(".job-cell:filled").stream()
                        .filter(Node::isVisible)
                        .toList());
    }

    @Test
    void itComesAndGoesWithAKeyAndIsThereAgainAtTheNextStart() throws Exception {
        var studio = open(1);
        assertTrue(studio.shows("boat 1"));
        studio.press(KeyCode.CONTROL, KeyCode.J);
        assertFalse(studio.shows("boat 1"));
        studio.press(KeyCode.CONTROL, KeyCode.J);
        studio.close();

        var again = openClosed();
        again.await("it is shown", () -> again.shows("boat 1"));
    }

    @Test
    void theButtonCountsWhatIsToCome() throws Exception {
        var studio = open(2);
        studio.click("Queue\u2002·\u20022");
        assertFalse(studio.shows("boat 1"));
        add("boat 3", Status.SUCCEEDED);
        add("boat 4", Status.RUNNING);
        studio.await("it counts", () -> studio.find("Queue\u2002·\u20023").isVisible());
    }

    @Test
    void aJobIsDraggedToWhereItIsToBe() throws Exception {
        var studio = open(3);
        Node third = studio.find("boat 3");
        studio.robot
                .moveTo(third)
                .press(MouseButton.PRIMARY)
                .moveBy(0, -20)
                .moveTo(studio.find("boat 1"))
                .moveBy(0, -12);
        studio.pulse();
        studio.robot.release(MouseButton.PRIMARY);
        studio.await("it has moved", () -> ledger.waiting().equals(List.of("3", "1", "2")));
        studio.await(
                "it is shown so",
                () ->
                        studio.find("boat 3").localToScene(0, 0).getY()
                                < studio.find("boat 1").localToScene(0, 0).getY());
    }

    @Test
    void keysMovePauseDuplicateAndRemove() throws Exception {
        var studio = open(3);
        studio.click("boat 1");
        studio.press(KeyCode.ALT, KeyCode.DOWN);
        studio.await("it has moved", () -> ledger.waiting().equals(List.of("2", "1", "3")));
        studio.press(KeyCode.P);
        studio.await("it is paused", () -> ledger.job("1").status() == Status.PAUSED);
        assertTrue(studio.shows("paused"));
        studio.press(KeyCode.P);
        studio.await("it goes on", () -> ledger.job("1").status() == Status.PENDING);
        studio.press(KeyCode.CONTROL, KeyCode.D);
        studio.await("there is another", () -> ledger.jobs().size() == 4);
        studio.press(KeyCode.DELETE);
        studio.await("it is gone", () -> ledger.waiting().equals(List.of("2", "3", "4")));
    }

    @Test
    void allArePausedAndResumedAtOnce() throws Exception {
        var studio = open(2);
        studio.click("Pause all");
        studio.await("they are paused", () -> ledger.job("2").status() == Status.PAUSED);
        studio.await("it can be undone", () -> studio.find("Resume all").isVisible());
        studio.click("Resume all");
        studio.await("they go on", () -> ledger.job("2").status() == Status.PENDING);
    }

    @Test
    void whatRunsShowsHowFarItIsAndWhetherItSurvived() throws Exception {
        var studio = open(1);
        // A step takes time and a frame takes none: 16 of each.
        ledger.run("1", 0, 32);
        ledger.happen("1", Status.RUNNING, 4, 32, Optional.empty(), 1);
        studio.await("its progress is shown", () -> studio.shows("25%"));
        assertTrue(studio.shows("Went on by itself after the engine was lost"));
        ledger.run("1", 8, 32);
        studio.await("its progress is shown", () -> studio.shows("50%"));
        assertFalse(studio.shows("Went on by itself after the engine was lost"));
    }

    @Test
    void whatWaitsSaysWhatItWillTake() throws Exception {
        var studio = open(2);
        studio.await("each says it", () -> studio.shows("Clip\u2002·\u2002takes 4 s"));
        studio.await("all say it", () -> studio.shows("2\u2002·\u20028 s left"));
    }

    @Test
    void aParkedJobSaysWhyAndWhatToDo() throws Exception {
        var studio = open(1);
        ledger.happen("1", Status.PARKED, 3, 40, Optional.of(new Problem.JobParked(2)), 2);
        studio.await("it says why", () -> studio.shows("The engine ended 2 times"));
        assertTrue(studio.shows("choose a smaller size or fewer frames"));
    }

    @Test
    void fiveHundredJobsCostNoMoreThanThoseThatAreSeen() throws Exception {
        var studio = open(500);
        try (var watchdog = new PulseWatchdog()) {
            assertTrue(cells(studio).size() < MOST_CELLS, "as few cells as can be seen");
            var list = (ListView<?>) studio.scene().getRoot().lookup(".queue-panel > .list-view");
            for (int row = 0; row < 500; row += 25) {
                int to = row;
                Studio.fx(() -> {
                    list.scrollTo(to);
                    return true;
                });
                ledger.run("1", row, 500);
                studio.pulse();
            }
            assertTrue(cells(studio).size() < MOST_CELLS, "as few cells as can be seen");
            ledger.happen("1", Status.SUCCEEDED, 500, 500, Optional.empty(), 0);
            studio.await(
                    "it is the last one",
                    () ->
                            studio.queue().rows().size() == 500
                                    && studio.queue().succeededProperty().get() == 1);
            assertTrue(watchdog.longestWaitMillis() < HELD_UP_MILLIS);
        }
        assertEquals(499, Studio.fx(() -> studio.queue().openProperty().get()));
    }
}
