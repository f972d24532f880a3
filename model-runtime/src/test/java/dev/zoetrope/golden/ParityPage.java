package dev.zoetrope.golden;

import java.util.Locale;
import java.util.Map;

/** The page of the documentation that says how close each golden case came. */
final class ParityPage {
    private static final String HEAD =
            """
            # Parity with the reference

            How close each golden case came, written by the test itself:
            ```
            ./mvnw -pl model-runtime -am test -Dtest='Golden*' -Dsurefire.failIfNoSpecifiedTests=false -Dgoldens=DIR -Dgoldens.report=docs/parity.md
            ```
            Every output of a case is compared element by element, |actual - expected| <= atol + rtol |expected|, integers exactly. Each row is the element of the case that came nearest to
            its tolerance: how far off it is, how far it might have been, and the one over the other. A case without a difference is equal in every bit that is compared.

            | Case | Output | Off by | Tolerance | Share |
            |---|---|---|---|---|
            """;

    private ParityPage() {}

    static String of(Map<String, GoldenCase.Difference> cases) {
        StringBuilder page = new StringBuilder(HEAD);
        cases.forEach((name, worst) -> page.append(row(name, worst)));
        return page.toString();
    }

    private static String row(String name, GoldenCase.Difference worst) {
        return worst.error() == 0
                ? "| %s | all | 0 | | |\n".formatted(name)
                : String.format(
                        Locale.ROOT,
                        "| %s | `%s` | %.1e | %.1e | %.2f %% |\n",
                        name,
                        worst.output(),
                        worst.error(),
                        worst.tolerance(),
                        100 * worst.share());
    }
}
