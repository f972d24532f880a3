package dev.zoetrope.app;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Skips a test where Linux lacks GTK, or an X server that draws into memory, and says so. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(NeedsDesktop.Condition.class)
@interface NeedsDesktop {

    /** Asks the linker, and looks for the server among the programs. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            boolean server =
                    Pattern.compile(File.pathSeparator)
                            .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "Xvfb")));
            return server && NeedsFontLibraries.Condition.installed("libgtk-3.so.0")
                    ? ConditionEvaluationResult.enabled("both are there")
                    : ConditionEvaluationResult.disabled(
                            "there is no desktop; install xvfb and libgtk-3-0");
        }
    }
}
