package dev.zoetrope.engine;

import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The queue on disk: an SQLite database with a write-ahead log, in which a change is whole or not
 * there, whenever the process or the machine ends. Used by one thread at a time.
 */
final class JobStore implements AutoCloseable {
    /** Each brings a database of its number to the next; the last is the present form. */
    private static final List<String> MIGRATIONS =
            List.of(
                    """
                    CREATE TABLE jobs (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        place REAL NOT NULL,
                        request TEXT NOT NULL,
                        status TEXT NOT NULL,
                        done INTEGER NOT NULL DEFAULT 0,
                        total INTEGER NOT NULL DEFAULT 0,
                        submitted TEXT NOT NULL,
                        started TEXT,
                        ended TEXT,
                        problem TEXT,
                        outcome TEXT,
                        losses INTEGER NOT NULL DEFAULT 0,
                        lost_at INTEGER NOT NULL DEFAULT 0,
                        ticket TEXT UNIQUE
                    )
                    """,
                    "ALTER TABLE jobs ADD COLUMN pause_after INTEGER",
                    "ALTER TABLE jobs ADD COLUMN gives_way INTEGER NOT NULL DEFAULT 0",
                    // Calibrations came to say why they give way.
                    """
                    UPDATE jobs SET request = json_remove(
                        json_set(request, '$.awaited', json(iif(gives_way, 'false', 'true'))),
                        '$.givesWay')
                    WHERE request LIKE '{"type":"CalibrationRequest"%'
                    """);

    private static final String COLUMNS =
            "id, request, status, done, total, submitted, started, ended, problem, place, losses,"
                    + " pause_after";

    private static final String ALL = "SELECT " + COLUMNS + " FROM jobs";

    private static final Logger LOG = LoggerFactory.getLogger(JobStore.class);

    private final Path file;
    private final Connection connection;

    private JobStore(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /**
     * Opens it, makes it where there is none, and brings it to the present form.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when it cannot be used, or is of a
     *     newer Zoetrope
     */
    static JobStore open(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            JobStore store = new JobStore(file, connection);
            try {
                store.prepare();
            } catch (RuntimeException | SQLException e) {
                connection.close();
                throw e;
            }
            return store;
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        } catch (SQLException e) {
            throw unusable(file, e);
        }
    }

    private void prepare() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            // A job that was submitted is there after the power failed.
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA busy_timeout = 5000");
            int version = statement.executeQuery("PRAGMA user_version").getInt(1);
            if (version > MIGRATIONS.size()) {
                throw new Problem.FileInaccessible(file, "it was written by a newer Zoetrope")
                        .asException();
            }
            connection.setAutoCommit(false);
            for (; version < MIGRATIONS.size(); version++) {
                statement.execute(MIGRATIONS.get(version));
                statement.execute("PRAGMA user_version = " + (version + 1));
            }
            connection.commit();
        }
    }

    /** All jobs: those that ended or run as they began, then those to come in their order. */
    List<QueuedJob> jobs() {
        return query(
                ALL
                        + " ORDER BY status IN ('PENDING', 'PAUSED', 'PARKED'),"
                        + " CASE WHEN status IN ('PENDING', 'PAUSED', 'PARKED') THEN gives_way END,"
                        + " CASE WHEN status IN ('PENDING', 'PAUSED', 'PARKED') THEN place END,"
                        + " started, id");
    }

    Optional<QueuedJob> job(String id) {
        return query(ALL + " WHERE id = ?", number(id)).stream().findFirst();
    }

    /** The job whose turn it is; one that gives way where there is no other. */
    Optional<QueuedJob> next() {
        return query(ALL + " WHERE status = 'PENDING' ORDER BY gives_way, place LIMIT 1").stream()
                .findFirst();
    }

    List<QueuedJob> running() {
        return query(ALL + " WHERE status = 'RUNNING'");
    }

    /**
     * Lines jobs up at the end, all or none, and returns their ids. With a ticket that was used
     * before they are there already.
     */
    List<String> add(
            List<? extends JobRequest> requests,
            OptionalInt pauseAfter,
            String ticket,
            Instant now) {
        return inTransaction(() -> {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < requests.size(); i++) {
                ids.add(add(requests.get(i), pauseAfter, ticket + " " + i, now));
            }
            return ids;
        });
    }

    private String add(JobRequest request, OptionalInt pauseAfter, String ticket, Instant now)
            throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO jobs (place, request, status, submitted, ticket, pause_after,"
                                + " gives_way) VALUES ((SELECT coalesce(max(place), 0) + 1 FROM"
                                + " jobs), ?, 'PENDING', ?, ?, ?, ?) ON CONFLICT (ticket) DO UPDATE SET ticket ="
                                + " excluded.ticket RETURNING id")) {
            insert.setString(1, PlainJson.text(request));
            insert.setString(2, now.toString());
            insert.setString(3, ticket);
            insert.setObject(4, pauseAfter.isPresent() ? pauseAfter.getAsInt() : null);
            insert.setBoolean(5, request.givesWay());
            return insert.executeQuery().getString(1);
        }
    }

    void edit(String id, JobRequest request) {
        update("UPDATE jobs SET request = ? WHERE id = ?", PlainJson.text(request), number(id));
    }

    /**
     * Puts a job before another one, or at the end of all.
     *
     * @return whether others have got new places too, in the order that they had
     */
    boolean move(String id, Optional<String> before) {
        if (before.isEmpty()) {
            update(
                    "UPDATE jobs SET place = (SELECT max(place) + 1 FROM jobs) WHERE id = ?",
                    number(id));
            return false;
        } else {
            long other = number(before.get());
            update(
                    """
                    UPDATE jobs SET place = (
                        SELECT (b.place + coalesce(
                            (SELECT max(a.place) FROM jobs a WHERE a.place < b.place AND a.id != ?1),
                            b.place - 2)) / 2
                        FROM jobs b WHERE b.id = ?2)
                    WHERE id = ?1
                    """,
                    number(id),
                    other);
            boolean narrow = isNarrow(number(id));
            if (narrow) {
                spreadPlaces();
            }
            return narrow;
        }
    }

    /** Whether another place is so near that no third one fits between the two soon. */
    private boolean isNarrow(long id) {
        return inTransaction(() -> {
            try (PreparedStatement select =
                    connection.prepareStatement(
                            "SELECT 1 FROM jobs a, jobs b WHERE b.id = ?1 AND a.id != ?1"
                                    + " AND abs(a.place - b.place) < 1e-6")) {
                select.setLong(1, id);
                return select.executeQuery().next();
            }
        });
    }

    /** Halving the distance between places again and again would run out of numbers. */
    private void spreadPlaces() {
        update(
                "UPDATE jobs SET place = spread.place FROM (SELECT id AS which, row_number() OVER"
                        + " (ORDER BY place) AS place FROM jobs) AS spread WHERE id = spread.which");
    }

    void front(String id) {
        update(
                "UPDATE jobs SET place = (SELECT min(place) - 1 FROM jobs) WHERE id = ?",
                number(id));
    }

    void begin(String id, Instant now) {
        update(
                "UPDATE jobs SET status = 'RUNNING', started = ?, ended = NULL, problem = NULL"
                        + " WHERE id = ?",
                now.toString(),
                number(id));
    }

    void progress(String id, long done, long total) {
        update("UPDATE jobs SET done = ?, total = ? WHERE id = ?", done, total, number(id));
    }

    /** A state that is not an end. */
    void set(String id, Status status) {
        update(
                "UPDATE jobs SET status = ?, ended = NULL, problem = NULL, outcome = NULL WHERE id"
                        + " = ?",
                status.name(),
                number(id));
    }

    void end(
            String id,
            Status status,
            Instant now,
            Optional<Problem> problem,
            Optional<String> outcome) {
        update(
                "UPDATE jobs SET status = ?, ended = ?, problem = ?, outcome = ? WHERE id = ?",
                status.name(),
                now.toString(),
                problem.map(PlainJson::text).orElse(null),
                outcome.orElse(null),
                number(id));
    }

    void park(String id, Problem problem) {
        update(
                "UPDATE jobs SET status = 'PARKED', problem = ? WHERE id = ?",
                PlainJson.text(problem),
                number(id));
    }

    /**
     * Notes that the engine ended while a job ran.
     *
     * @return how often that was, since the job last got further than when it happened before
     */
    int noteLoss(String id) {
        return inTransaction(() -> {
            try (PreparedStatement update =
                    connection.prepareStatement(
                            "UPDATE jobs SET losses = CASE WHEN losses > 0 AND done > lost_at THEN 1"
                                    + " ELSE losses + 1 END, lost_at = done WHERE id = ? RETURNING"
                                    + " losses")) {
                update.setLong(1, number(id));
                return update.executeQuery().getInt(1);
            }
        });
    }

    /** Lets a job have its turn again, and be a draft no more when it has come that far. */
    void resume(String id) {
        update(
                "UPDATE jobs SET status = 'PENDING', ended = NULL, problem = NULL, outcome = NULL,"
                        + " losses = 0, pause_after = CASE WHEN done < pause_after THEN pause_after"
                        + " END WHERE id = ?",
                number(id));
    }

    /** What a job told last, as JSON. */
    Optional<String> outcome(String id) {
        return inTransaction(() -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT outcome FROM jobs WHERE id = ?")) {
                select.setLong(1, number(id));
                ResultSet rows = select.executeQuery();
                return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
            }
        });
    }

    void remove(String id) {
        update("DELETE FROM jobs WHERE id = ?", number(id));
    }

    /** Zero, which no job has, for what cannot be the id of one. */
    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private List<QueuedJob> query(String sql, Object... values) {
        return inTransaction(() -> {
            List<QueuedJob> jobs = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                bind(select, values);
                ResultSet row = select.executeQuery();
                while (row.next()) {
                    try {
                        jobs.add(job(row));
                    } catch (IllegalArgumentException | ProblemException e) {
                        // Of another release; the others must not suffer from it.
                        LOG.warn("job {} cannot be read", row.getString("id"), e);
                    }
                }
            }
            return jobs;
        });
    }

    private static QueuedJob job(ResultSet row) throws SQLException {
        return new QueuedJob(
                row.getString("id"),
                PlainJson.read(row.getString("request"), JobRequest.class),
                Status.valueOf(row.getString("status")),
                row.getLong("done"),
                row.getLong("total"),
                Instant.parse(row.getString("submitted")),
                Optional.ofNullable(row.getString("started")).map(Instant::parse),
                Optional.ofNullable(row.getString("ended")).map(Instant::parse),
                Optional.ofNullable(row.getString("problem"))
                        .map(text -> PlainJson.read(text, Problem.class)),
                row.getDouble("place"),
                row.getInt("losses"),
                pauseAfter(row));
    }

    private static OptionalInt pauseAfter(ResultSet row) throws SQLException {
        int steps = row.getInt("pause_after");
        return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(steps);
    }

    private void update(String sql, @Nullable Object... values) {
        inTransaction(() -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, values);
                return statement.executeUpdate();
            }
        });
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] values)
            throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    @FunctionalInterface
    private interface Access<T> {
        T run() throws SQLException;
    }

    private <T> T inTransaction(Access<T> access) {
        try {
            try {
                T result = access.run();
                connection.commit();
                return result;
            } catch (RuntimeException | SQLException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw unusable(file, e);
        }
    }

    private static RuntimeException unusable(Path file, SQLException e) {
        String message = String.valueOf(e.getMessage());
        return new Problem.FileInaccessible(file, message.lines().findFirst().orElse(message))
                .asException(e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw unusable(file, e);
        }
    }
}
