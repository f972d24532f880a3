package dev.zoetrope.installers;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The system that a package is for, which is the one it is made on. */
enum Target {
    LINUX_X86_64,
    LINUX_AARCH64,
    MACOS_AARCH64,
    WINDOWS_X86_64;

    private static final Pattern NATIVE =
            Pattern.compile(".*\\.(so(\\.[0-9.]+)?|dll|dylib|jnilib)");

    static Target ofThisSystem() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        if (system.startsWith("windows")) {
            return WINDOWS_X86_64;
        }
        if (system.startsWith("mac")) {
            return MACOS_AARCH64;
        }
        return arm ? LINUX_AARCH64 : LINUX_X86_64;
    }

    /** The processor, by the name that Debian gives it. */
    String architecture() {
        return this == LINUX_AARCH64 ? "arm64" : "amd64";
    }

    /** What libraries call the system, with all separators as underscores. */
    private List<String> names() {
        return switch (this) {
            case LINUX_X86_64 -> List.of("linux_x86_64", "epoll_x86_64");
            case LINUX_AARCH64 ->
                    List.of("linux_aarch64", "linux_arm64", "linux_aarch_64", "epoll_aarch_64");
            case MACOS_AARCH64 ->
                    List.of(
                            "osx_aarch64",
                            "darwin_aarch64",
                            "mac_aarch64",
                            "macosx_arm64",
                            "osx_aarch_64");
            case WINDOWS_X86_64 -> List.of("win_x86_64", "windows_x86_64", "win32_x86_64");
        };
    }

    boolean windows() {
        return this == WINDOWS_X86_64;
    }

    boolean macos() {
        return this == MACOS_AARCH64;
    }

    boolean linux() {
        return !windows() && !macos();
    }

    /** Whether a jar's entry is a native library, for whatever system. */
    static boolean isNative(String entry) {
        return NATIVE.matcher(entry).matches();
    }

    /** Whether a native library is for this system; one that names none is, as its jar is. */
    boolean uses(String entry) {
        String name = entry.toLowerCase(Locale.ROOT).replaceAll("[/-]", "_");
        return !entry.contains("/") || names().stream().anyMatch(name::contains);
    }
}
