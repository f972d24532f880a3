package dev.zoetrope.app;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;

/** Skips tests that show a window where Linux lacks the libraries that JavaFX draws text with. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsFontLibraries.Condition.class)
@interface NeedsFontLibraries {

    /** Asks the linker, as JavaFX will. */
    final class Condition implements ExecutionCondition {
        private static final List<String> LIBRARIES =
                List.of("libfreetype.so.6", "libpangoft2-1.0.so.0");

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (!System.getProperty("os.name").startsWith("Linux")) {
                return ConditionEvaluationResult.enabled("only Linux can lack them");
            }
            List<String> missing = LIBRARIES.stream().filter(name -> !installed(name)).toList();
            return missing.isEmpty()
                    ? ConditionEvaluationResult.enabled("all are installed")
                    : ConditionEvaluationResult.disabled(
                            "JavaFX draws no text without "
                                    + missing
                                    + "; install libfreetype6 and libpangoft2-1.0-0");
        }

        @SuppressWarnings("restricted") // Looking a library up is the only way to know of it.
        static boolean installed(String library) {
            try (Arena arena = Arena.ofConfined()) {
                SymbolLookup.libraryLookup(library, arena);
                return true;
            } catch (IllegalArgumentException notFound) {
                return false;
            }
        }
    }
}
