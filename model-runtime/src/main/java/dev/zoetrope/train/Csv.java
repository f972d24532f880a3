package dev.zoetrope.train;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated values, as RFC 4180 has them. */
final class Csv {
    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> row = new ArrayList<>();
    private final StringBuilder value = new StringBuilder();

    private Csv() {}

    /** All rows that are not empty. */
    static List<List<String>> rows(String text) {
        Csv csv = new Csv();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && text.startsWith("\"\"", i)) {
                csv.value.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (quoted || (c != ',' && c != '\n' && c != '\r')) {
                csv.value.append(c);
            } else if (c == ',') {
                csv.endValue();
            } else {
                csv.endRow();
            }
        }
        csv.endRow();
        return csv.rows;
    }

    private void endValue() {
        row.add(value.toString());
        value.setLength(0);
    }

    private void endRow() {
        if (row.isEmpty() && value.isEmpty()) {
            return;
        }
        endValue();
        rows.add(List.copyOf(row));
        row.clear();
    }
}
