package dev.zoetrope.runtime.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.gpu.LibraryList.Library;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The lists that come with the program. */
final class LibraryListTest {
    @ParameterizedTest
    @ValueSource(strings = {"Linux", "Windows 11"})
    void listsAreOfTheLibtorchThatDjlIsMadeFor(String os) throws IOException {
        String version = DjlLibrary.versions().replaceFirst("-.*", "");
        LibraryList list = LibraryList.of(os, "amd64").orElseThrow();

        assertTrue(
                list.libraries().getFirst().jar().startsWith("org/bytedeco/pytorch/" + version),
                list.libraries().getFirst().jar());
        assertNotNull(
                DjlLibrary.class.getResource(
                        "/jnilib/%s/%s/".formatted(list.system(), GpuLibraries.FLAVOR)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Linux", "Windows 11"})
    void everyLibraryIsFilledInAndInsideItsJar(String os) {
        Set<String> names = new HashSet<>();
        for (Library one : LibraryList.of(os, "amd64").orElseThrow().libraries()) {
            assertTrue(names.add(one.name()), one.name());
            assertTrue(one.sha256().matches("[0-9a-f]{64}"), one.toString());
            assertTrue(one.packed() > 0 && one.packed() < one.bytes(), one.toString());
            assertTrue(one.offset() + one.packed() < one.jarBytes(), one.toString());
        }
    }

    @Test
    void otherSystemsHaveNone() {
        assertEquals(Optional.empty(), LibraryList.of("Linux", "aarch64"));
        assertEquals(Optional.empty(), LibraryList.of("Mac OS X", "x86_64"));
    }

    @Test
    void listsOfOtherLibrariesAreToldApart() {
        LibraryList linux = LibraryList.of("Linux", "amd64").orElseThrow();
        LibraryList windows = LibraryList.of("Windows 11", "amd64").orElseThrow();

        assertNotEquals(linux.fingerprint(), windows.fingerprint());
        assertEquals(
                linux.fingerprint(), LibraryList.of("Linux", "x86_64").orElseThrow().fingerprint());
    }
}
