package dev.zoetrope.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import dev.zoetrope.archfixture.cycle.one.NeedsTwo;
import dev.zoetrope.archfixture.model.codec.BorrowsFromAnotherCodec;
import dev.zoetrope.archfixture.model.denoiser.BorrowsFromACodec;
import dev.zoetrope.archfixture.pipeline.NamesBfloat16;
import dev.zoetrope.archfixture.pipeline.TouchesFfmpeg;
import dev.zoetrope.archfixture.prompt.HoldsATensor;
import dev.zoetrope.archfixture.runtime.ReturnsTensors;
import dev.zoetrope.archfixture.runtime.job.KnowsFrames;
import dev.zoetrope.archfixture.runtime.media.ExtendsANativePointer;
import dev.zoetrope.archfixture.runtime.problem.ExplainsAJob;
import dev.zoetrope.archfixture.sampling.KnowsAModel;
import dev.zoetrope.archfixture.weights.TouchesDjl;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.function.Function;

/** The packages keep to {@link RuntimeRules}, and every rule finds the class made to break it. */
final class RuntimeArchitectureTest {
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
                        "exported signatures are plain data",
                        RuntimeRules::exportedSignaturesArePlainData,
                        ReturnsTensors.class,
                        ExtendsANativePointer.class),
                Case.of(
                        "models never import each other",
                        RuntimeRules::modelsNeverImportEachOther,
                        BorrowsFromAnotherCodec.class,
                        BorrowsFromACodec.class),
                Case.of(
                        "sampling never imports a model",
                        RuntimeRules::samplingNeverImportsAModel,
                        KnowsAModel.class),
                Case.of(
                        "only kernel names bfloat16",
                        RuntimeRules::onlyKernelNamesBfloat16,
                        NamesBfloat16.class),
                Case.of(
                        "only runtime.media touches FFmpeg",
                        RuntimeRules::onlyMediaTouchesFfmpeg,
                        TouchesFfmpeg.class),
                Case.of(
                        "only tensor code touches DJL",
                        RuntimeRules::onlyTensorCodeTouchesDjl,
                        TouchesDjl.class),
                Case.of(
                        "prompts know text alone",
                        RuntimeRules::promptsKnowTextAlone,
                        HoldsATensor.class),
                Case.of(
                        "problems depend on nothing",
                        RuntimeRules::problemsDependOnNothing,
                        ExplainsAJob.class),
                Case.of(
                        "jobs know only problems",
                        RuntimeRules::jobsKnowOnlyProblems,
                        KnowsFrames.class),
                Case.of(
                        "packages are free of cycles",
                        RuntimeRules::packagesAreFreeOfCycles,
                        NeedsTwo.class));
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
