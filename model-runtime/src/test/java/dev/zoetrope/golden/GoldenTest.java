package dev.zoetrope.golden;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Equality with the reference, one test per case folder, named after it.
 *
 * <p>{@code -Dgoldens=DIR} runs every folder found in DIR; a kind that no model here answers to
 * fails, and so does an empty DIR. Without it the representative set in the test resources runs,
 * and the full set of {@code ../shared/goldens} as far as implemented, where that is present.
 *
 * <p>{@code -Dgoldens.report=FILE} writes how close each case came as a page of the documentation.
 */
class GoldenTest {
    /**
     * Case kinds, by what a folder's name says after its number; the longest that fits counts. A
     * folder of that name may also hold many cases, each a folder of any name.
     */
    private static final Map<String, Consumer<GoldenCase>> KINDS =
            Map.ofEntries(
                    Map.entry("videogpt_vqvae", VideoGptVqVaeGolden::run),
                    Map.entry("causalvae", CausalVideoVaeGolden::run),
                    Map.entry("videogpt_train_step", VideoGptTrainingGolden::run),
                    Map.entry("gaussian_diffusion", GaussianDiffusionGolden::run),
                    Map.entry("sit_transport", SitTransportGolden::run),
                    Map.entry("sched", SchedulerGolden::run),
                    Map.entry("dit", VideoDitGolden::run),
                    Map.entry("latte", LatteGolden::run),
                    Map.entry("latte_t2v", LatteT2VGolden::run),
                    Map.entry("t5", T5EncoderGolden::run),
                    Map.entry("mt5", T5EncoderGolden::run),
                    Map.entry("clip_text", ClipTextEncoderGolden::run),
                    Map.entry("pipeline_march_classcond", MarchPipelineGolden::run),
                    Map.entry("march_longside_collate", MarchCollateGolden::run),
                    Map.entry("resize_crop", ResizeCropGolden::run),
                    Map.entry("inpaint_mask", InpaintMaskGolden::run));

    private static final Map<String, GoldenCase.Difference> PASSED = new TreeMap<>();

    @TestFactory
    Stream<DynamicTest> equalsTheReference() throws IOException, URISyntaxException {
        String asked = System.getProperty("goldens");
        if (asked != null) {
            List<Path> cases = folders(repositoryRoot().resolve(asked));
            assertFalse(cases.isEmpty(), "no case folders in " + asked);
            return cases.stream().map(GoldenTest::test);
        }
        Path kept = Path.of(GoldenTest.class.getResource("/goldens").toURI());
        List<Path> cases = new ArrayList<>(folders(kept));
        Path shared = repositoryRoot().resolveSibling("shared").resolve("goldens");
        if (Files.isDirectory(shared)) {
            folders(shared).stream().filter(f -> runner(f) != null).forEach(cases::add);
        }
        return cases.stream().map(GoldenTest::test);
    }

    @AfterAll
    static void report() throws IOException {
        String asked = System.getProperty("goldens.report");
        if (asked != null) {
            Files.writeString(repositoryRoot().resolve(asked), ParityPage.of(PASSED));
        }
    }

    /** With the folder of many cases before it, where there is one. */
    private static String name(Path folder) {
        String own = folder.getFileName().toString();
        String parent = folder.getParent().getFileName().toString();
        return runner(own) != null ? own : parent + "/" + own;
    }

    private static DynamicTest test(Path folder) {
        return DynamicTest.dynamicTest(
                folder.getFileName().toString(),
                () -> {
                    Consumer<GoldenCase> runner = runner(folder);
                    if (runner == null) {
                        fail("no model answers to the case kind of " + folder.getFileName());
                    }
                    try (GoldenCase golden = new GoldenCase(folder)) {
                        runner.accept(golden);
                        golden.everyOutputWasCompared();
                        PASSED.put(name(folder), golden.worst());
                    }
                });
    }

    private static Consumer<GoldenCase> runner(Path folder) {
        Consumer<GoldenCase> own = runner(folder.getFileName().toString());
        return own != null ? own : runner(folder.getParent().getFileName().toString());
    }

    private static Consumer<GoldenCase> runner(String name) {
        String kind = name.substring(name.indexOf('_') + 1);
        return KINDS.entrySet().stream()
                .filter(entry -> kind.startsWith(entry.getKey()))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse(null);
    }

    /** The case folders in a folder, and those in folders of cases. */
    private static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            List<Path> cases = new ArrayList<>();
            for (Path folder : entries.filter(Files::isDirectory).sorted().toList()) {
                List<Path> inside =
                        Files.exists(folder.resolve("config.json")) ? List.of() : folders(folder);
                cases.addAll(inside.isEmpty() ? List.of(folder) : inside);
            }
            return cases;
        }
    }

    private static Path repositoryRoot() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("mvnw")) ? here : here.getParent();
    }
}
