package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import com.google.common.io.Closer;

import dev.zoetrope.app.settings.Language;
import dev.zoetrope.app.train.Subject;
import dev.zoetrope.runtime.problem.Problem;

import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The letters that press a control together with Alt; one that two have presses neither. */
@NeedsFontLibraries
final class MnemonicsTest {
    private static final Pattern MARKED = Pattern.compile("(?<!_)_([^_])");

    @TempDir Path home;

    private final FakeRuntime runtime = new FakeRuntime(new PaperScene(96, 54, 12, 24));
    @AutoClose private final Closer opened = Closer.create();

    private Studio open(Language language) throws Exception {
        Clips.make(
                home.resolve("results/boat.mp4"),
                "a paper boat",
                "starter",
                new PaperScene(96, 54, 12, 12),
                1);
        var studio = opened.register(Studio.open(home, runtime, home.resolve("street.mp4")));
        studio.resize(1400, 900);
        studio.look(look -> look.withLanguage(language));
        return studio;
    }

    @ParameterizedTest
    @EnumSource(names = {"ENGLISH", "CHINESE"})
    void noTwoControlsThatAreShownTogetherHaveTheSame(Language language) throws Exception {
        var studio = open(language);
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        check(studio, "the empty page");
        studio.drop(home.resolve("street.mp4"));
        studio.await("it is asked for", () -> !runtime.requests().isEmpty());
        check(studio, "a reconstruction that runs");
        runtime.fail(new Problem.FileMissing(home.resolve("street.mp4")));
        studio.await("it failed", () -> studio.model().problemProperty().get().isPresent());
        check(studio, "one that failed");

        studio.press(KeyCode.CONTROL, KeyCode.DIGIT1);
        studio.await(
                "the model is known", () -> studio.generate().stopsProperty().get().isPresent());
        check(studio, "a prompt");
        studio.press(KeyCode.CONTROL, KeyCode.ENTER);
        studio.await("it is asked for", () -> !runtime.generations().requests().isEmpty());
        runtime.generations().step(5);
        studio.await("it runs", () -> !studio.generate().render().looks().isEmpty());
        check(studio, "a clip that is made");
        runtime.generations().finish();
        studio.await("it is there", () -> !studio.generate().render().state().busy());
        check(studio, "a clip that was made");

        studio.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        studio.pulse();
        checkTraining(studio);

        studio.press(KeyCode.CONTROL, KeyCode.DIGIT4);
        studio.await("it is there", () -> studio.shows("a paper boat"));
        studio.click("a paper boat");
        check(studio, "the library");
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT5);
        studio.await("they are listed", () -> !studio.composition.models().models().isEmpty());
        check(studio, "the models");
        studio.press(KeyCode.CONTROL, KeyCode.COMMA);
        check(studio, "the settings");
    }

    @ParameterizedTest
    @EnumSource(names = {"ENGLISH", "CHINESE"})
    void theyDifferWhereADenoiserIsTrained(Language language) throws Exception {
        var studio = open(language);
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        Studio.fx(() -> {
            studio.train().choices().subjectProperty().set(Subject.DENOISER);
            return true;
        });
        checkTraining(studio);
    }

    private void checkTraining(Studio studio) throws Exception {
        check(studio, "nothing trained");
        Studio.fx(() -> {
            studio.train().start();
            return true;
        });
        studio.await("it is asked for", () -> !runtime.trainings().isEmpty());
        runtime.learn(10, 0.4);
        runtime.save(home.resolve("no sheet.png"));
        studio.await("it can be used", () -> studio.train().savedProperty().get().isPresent());
        check(studio, "a training");
    }

    /** Without this, the tests above could not fail. */
    @Test
    void twoThatAreTheSameAreFound() throws Exception {
        var studio = open(Language.ENGLISH);
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT5);
        Studio.fx(() -> {
            ((Labeled) studio.find("Sh_ow folder")).setText("_File away");
            return true;
        });
        assertEquals(Map.of('F', List.of("_File", "_File away")), shared(studio));
    }

    private static void check(Studio studio, String where) {
        studio.pulse();
        assertEquals(Map.of(), shared(studio), where);
    }

    /** The words that have a letter in common, by that letter. */
    private static Map<Character, List<String>> shared(Studio studio) {
        return Studio.fx(() -> {
            Map<Character, List<String>> marked =
                    studio.scene().getRoot().lookupAll("*").stream()
                            .filter(Labeled.class::isInstance)
                            .filter(node -> !(node.getParent() instanceof Labeled))
                            .map(Labeled.class::cast)
                            .filter(Labeled::isMnemonicParsing)
                            .filter(Studio::visible)
                            .map(Labeled::getText)
                            .filter(text -> text != null && MARKED.matcher(text).find())
                            .collect(
                                    groupingBy(
                                            MnemonicsTest::letter,
                                            TreeMap::new,
                                            mapping(text -> text, toList())));
            marked.values().removeIf(all -> all.size() < 2);
            return marked;
        });
    }

    private static char letter(String text) {
        Matcher marked = MARKED.matcher(text);
        return marked.find() ? Character.toUpperCase(marked.group(1).charAt(0)) : '_';
    }
}
