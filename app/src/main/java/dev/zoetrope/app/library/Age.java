package dev.zoetrope.app.library;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** When a clip was made, as it is looked for. */
enum Age {
    ANY(0),
    TODAY(1),
    WEEK(7),
    MONTH(30),
    YEAR(365);

    private final int days;

    Age(int days) {
        this.days = days;
    }

    /**
     * Since when.
     *
     * @param today the last of the days
     */
    Instant since(LocalDate today) {
        return this == ANY
                ? Instant.MIN
                : today.minusDays(days - 1L).atStartOfDay(ZoneId.systemDefault()).toInstant();
    }
}
