package dev.zoetrope.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;

/**
 * What the window may know, and what holds for the code of every module, which this module sees all
 * of. Each rule takes the root package, so that it can be shown to fail on a tree of offenders;
 * none fails because a package does not exist yet.
 */
final class AppRules {
    private AppRules() {}

    /** View models are tested without a window. */
    static ArchRule viewModelsNeverSeeControls(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + ".app..")
                .and()
                .haveNameMatching(".*ViewModel(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javafx.scene..", "javafx.stage..")
                .allowEmptyShould(true);
    }

    /** Wiring, then the frame of the window, pages, the parts that pages are made of, and verbs. */
    static ArchRule dependenciesPointDownwards(String root) {
        String app = root + ".app";
        String[] pages = {
            app + ".generate..",
            app + ".reconstruct..",
            app + ".train..",
            app + ".library..",
            app + ".models.."
        };
        String[] verbs = {app + ".fx..", app + ".text.."};
        return layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("wiring")
                .definedBy(app)
                .layer("shell")
                .definedBy(app + ".shell..")
                .layer("pages")
                .definedBy(pages)
                .layer("parts")
                .definedBy(
                        resideInAPackage(app + ".*..")
                                .and(not(resideInAPackage(app + ".shell..")))
                                .and(not(resideInAnyPackage(pages)))
                                .and(not(resideInAnyPackage(verbs))))
                .layer("verbs")
                .definedBy(verbs)
                .whereLayer("wiring")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("shell")
                .mayOnlyBeAccessedByLayers("wiring")
                .whereLayer("pages")
                .mayOnlyBeAccessedByLayers("wiring", "shell")
                .whereLayer("parts")
                .mayOnlyBeAccessedByLayers("wiring", "shell", "pages");
    }

    static ArchRule pagesNeverImportPages(String root) {
        return slices().matching(root + ".app.(generate|reconstruct|train|library|models)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true);
    }

    /** The window drives the runtime through its doors and never holds a tensor. */
    static ArchRule appSeesOnlyTheDoorsOfTheRuntime(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + ".app..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "ai.djl..",
                        "org.bytedeco..",
                        root + ".kernel..",
                        root + ".model..",
                        root + ".sampling..",
                        root + ".train..",
                        root + ".weights..")
                .allowEmptyShould(true);
    }

    /** Pages are given a runtime and cannot tell which one. */
    static ArchRule onlyTheWiringOpensTheRuntime(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + ".app.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".pipeline..")
                .allowEmptyShould(true);
    }

    static ArchRule onlyTheAppSeesJavaFx(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".app..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javafx..", "org.controlsfx..", "atlantafx..")
                .allowEmptyShould(true);
    }

    static ArchRule appPackagesAreFreeOfCycles(String root) {
        return slices().matching(root + ".app.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true);
    }

    /** These words say that a class has no one thing that it is. */
    static ArchRule namesSayWhatAClassIs(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .haveNameMatching(".*(Manager|Helper|Helpers|Util|Utils|Impl)(\\$.*)?");
    }

    /** Everything but the command line speaks through results, problems and the log. */
    static ArchRule onlyTheCommandLinePrints(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackage(root + ".cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err");
    }
}
