package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;

import java.util.Set;
import java.util.stream.Collectors;

final class HeadStartTest {
    @Test
    void iconsAreMadeAheadOfAllEnumerationsThatTheWindowUsesAndOfNoOther() {
        Set<String> used =
                new ClassFileImporter()
                                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                                .importPackages("dev.zoetrope.app")
                                .stream()
                                .filter(type -> !type.isEquivalentTo(HeadStart.class))
                                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                                .map(dependency -> dependency.getTargetClass())
                                .filter(type -> type.getPackageName().endsWith("materialdesign2"))
                                .map(JavaClass::getSimpleName)
                                .collect(Collectors.toSet());

        assertEquals(
                used,
                HeadStart.ICONS.stream().map(Class::getSimpleName).collect(Collectors.toSet()));
    }
}
