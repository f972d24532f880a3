package dev.zoetrope.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import ai.djl.ndarray.types.DataType;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the packages of this module may know. Each rule takes the root package, so that it can be
 * shown to fail on a tree of offenders; none fails because a package does not exist yet.
 */
final class RuntimeRules {
    private RuntimeRules() {}

    /** The window and other processes meet only plain data: no tensor, no native frame. */
    static ArchRule exportedSignaturesArePlainData(String root) {
        return classes()
                .that()
                .resideInAnyPackage(root + ".runtime..", root + ".engine..", root + ".cli..")
                .and()
                .arePublic()
                .should(showNoTypeOf("ai.djl.", "org.bytedeco."))
                .allowEmptyShould(true);
    }

    /**
     * A model reads from top to bottom in one file. A model is a class with a {@code Config} beside
     * it; what several models of a package share is neither.
     */
    static ArchRule modelsNeverImportEachOther(String root) {
        return classes()
                .that()
                .resideInAPackage(root + ".model..")
                .should(useNoOtherModelUnder(root + ".model."))
                .allowEmptyShould(true);
    }

    /** Samplers know a denoising function, never what computes it. */
    static ArchRule samplingNeverImportsAModel(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + ".sampling..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".model..")
                .allowEmptyShould(true);
    }

    /** A bfloat16 array that crosses into DJL as a data type ends the process. */
    static ArchRule onlyKernelNamesBfloat16(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".kernel..")
                .should()
                .accessField(DataType.class, "BFLOAT16");
    }

    static ArchRule onlyMediaTouchesFfmpeg(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".runtime.media..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..");
    }

    /** Prompts are cut by DJL's tokenizers, which {@link #promptsKnowTextAlone} keeps them to. */
    static ArchRule onlyTensorCodeTouchesDjl(String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(
                        root + ".kernel..",
                        root + ".model..",
                        root + ".pipeline..",
                        root + ".prompt..",
                        root + ".sampling..",
                        root + ".train..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..");
    }

    /** Text in, ids out: no tensor, no model. */
    static ArchRule promptsKnowTextAlone(String root) {
        return classes()
                .that()
                .resideInAPackage(root + ".prompt..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "ai.djl.huggingface.tokenizers..",
                        "com.fasterxml.jackson..",
                        "com.google.protobuf..",
                        "org.jsoup..",
                        root + ".runtime.problem..",
                        root + ".prompt..")
                .allowEmptyShould(true);
    }

    /** Whatever fails can be explained, because explaining depends on nothing. */
    static ArchRule problemsDependOnNothing(String root) {
        return classes()
                .that()
                .resideInAPackage(root + ".runtime.problem..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", root + ".runtime.problem..")
                .allowEmptyShould(true);
    }

    /** The queue also logs: it is where failures end. */
    static ArchRule jobsKnowOnlyProblems(String root) {
        return classes()
                .that()
                .resideInAPackage(root + ".runtime.job..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "org.slf4j..",
                        root + ".runtime.problem..",
                        root + ".runtime.job..")
                .allowEmptyShould(true);
    }

    static ArchRule packagesAreFreeOfCycles(String root) {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    private static ArchCondition<JavaClass> showNoTypeOf(String... prefixes) {
        return new ArchCondition<>("show no type of %s".formatted(String.join(", ", prefixes))) {
            @Override
            public void check(JavaClass shown, ConditionEvents events) {
                Stream.concat(
                                Stream.concat(
                                                shown.getSuperclass().stream(),
                                                shown.getInterfaces().stream())
                                        .flatMap(type -> involved(type)),
                                shown.getMembers().stream()
                                        .filter(member -> isShown(member))
                                        .flatMap(member -> involved(member)))
                        .distinct()
                        .filter(type -> Stream.of(prefixes).anyMatch(type.getName()::startsWith))
                        .forEach(type ->
                                events.add(
                                        SimpleConditionEvent.violated(
                                                shown,
                                                "%s shows %s"
                                                        .formatted(
                                                                shown.getName(), type.getName()))));
            }
        };
    }

    private static boolean isShown(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaClass> involved(JavaMember member) {
        return switch (member) {
            case JavaField field -> involved(field.getType());
            case JavaCodeUnit code ->
                    Stream.concat(
                            Stream.concat(
                                            Stream.of(code.getReturnType()),
                                            code.getParameterTypes().stream())
                                    .flatMap(type -> involved(type)),
                            code.getExceptionTypes().stream());
            default -> throw new IllegalArgumentException("a member of a new kind: " + member);
        };
    }

    /** The type itself, its type arguments and their bounds, without the brackets of arrays. */
    private static Stream<JavaClass> involved(JavaType type) {
        return type.getAllInvolvedRawTypes().stream().map(raw -> raw.getBaseComponentType());
    }

    private static ArchCondition<JavaClass> useNoOtherModelUnder(String models) {
        return new ArchCondition<>("use no other model") {
            private final Set<String> names = new HashSet<>();

            @Override
            public void init(java.util.Collection<JavaClass> all) {
                Set<String> classNames = new HashSet<>();
                all.forEach(one -> classNames.add(one.getName()));
                classNames.stream()
                        .filter(name -> classNames.contains(name + "Config"))
                        .forEach(names::add);
            }

            @Override
            public void check(JavaClass user, ConditionEvents events) {
                for (Dependency use : user.getDirectDependenciesFromSelf()) {
                    JavaClass used = use.getTargetClass().getBaseComponentType();
                    if (!used.getPackageName().startsWith(models)) {
                        continue; // what all models share lies above them
                    }
                    boolean otherPackage = !used.getPackageName().equals(user.getPackageName());
                    boolean otherModel =
                            names.contains(modelName(used))
                                    && !modelName(used).equals(modelName(user));
                    if (otherPackage || otherModel) {
                        events.add(SimpleConditionEvent.violated(user, use.getDescription()));
                    }
                }
            }
        };
    }

    /** The outermost class without {@code Config}: the same for all that belongs to one model. */
    private static String modelName(JavaClass part) {
        JavaClass outermost = part;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        String name = outermost.getName();
        return name.endsWith("Config")
                ? name.substring(0, name.length() - "Config".length())
                : name;
    }
}
