package dev.zoetrope.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import dev.zoetrope.archfixture.app.fx.KnowsAPart;
import dev.zoetrope.archfixture.app.fx.KnowsTheWiring;
import dev.zoetrope.archfixture.app.generate.HoldsATensor;
import dev.zoetrope.archfixture.app.generate.OpensTheRuntime;
import dev.zoetrope.archfixture.app.generate.ShowsANodeViewModel;
import dev.zoetrope.archfixture.app.player.KnowsAPage;
import dev.zoetrope.archfixture.app.reconstruct.BorrowsFromAPage;
import dev.zoetrope.archfixture.app.reconstruct.ReadsWeights;
import dev.zoetrope.archfixture.pipeline.JobManager;
import dev.zoetrope.archfixture.pipeline.PrintsProgress;
import dev.zoetrope.archfixture.runtime.DrawsItself;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.function.Function;

/** The packages keep to {@link AppRules}, and every rule finds the class made to break it. */
final class AppArchitectureTest {
    private static final String ROOT = "dev.zoetrope";
    private static final String FIXTURES = "dev.zoetrope.archfixture";

    private static final JavaClasses PRODUCTION =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(ROOT);
    private static final JavaClasses OFFENDERS = new ClassFileImporter().importPackages(FIXTURES);

    record Case(String name, Function<String, ArchRule> rule, List<Class<?>> offenders) {
        static Case of(String name, Function<String, ArchRule> rule, Class<?>... offenders) {
            return new Case(name, rule, List.of(offenders));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() {
        return List.of(
                Case.of(
                        "view models never see controls",
                        AppRules::viewModelsNeverSeeControls,
                        ShowsANodeViewModel.class),
                Case.of(
                        "dependencies point downwards",
                        AppRules::dependenciesPointDownwards,
                        KnowsAPage.class,
                        KnowsAPart.class,
                        KnowsTheWiring.class),
                Case.of(
                        "pages never import pages",
                        AppRules::pagesNeverImportPages,
                        BorrowsFromAPage.class),
                Case.of(
                        "the app sees only the doors of the runtime",
                        AppRules::appSeesOnlyTheDoorsOfTheRuntime,
                        HoldsATensor.class,
                        ReadsWeights.class),
                Case.of(
                        "only the wiring opens the runtime",
                        AppRules::onlyTheWiringOpensTheRuntime,
                        OpensTheRuntime.class),
                Case.of(
                        "only the app sees JavaFX",
                        AppRules::onlyTheAppSeesJavaFx,
                        DrawsItself.class),
                Case.of(
                        "the app's packages are free of cycles",
                        AppRules::appPackagesAreFreeOfCycles,
                        KnowsAPage.class),
                Case.of(
                        "names say what a class is",
                        AppRules::namesSayWhatAClassIs,
                        JobManager.class),
                Case.of(
                        "only the command line prints",
                        AppRules::onlyTheCommandLinePrints,
                        PrintsProgress.class));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void holds(Case one) {
        one.rule().apply(ROOT).check(PRODUCTION);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsTheOffenders(Case one) {
        String report =
                one.rule().apply(FIXTURES).evaluate(OFFENDERS).getFailureReport().toString();
        for (Class<?> offender : one.offenders()) {
            assertTrue(report.contains(offender.getSimpleName()), report);
        }
    }
}
