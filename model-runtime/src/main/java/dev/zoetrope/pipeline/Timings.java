package dev.zoetrope.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.estimate.Machine;
import dev.zoetrope.runtime.estimate.Observation;
import dev.zoetrope.runtime.estimate.Work;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What finished work has taken, a line of JSON each in one file, to which several processes may
 * add. Of what a component has done on a machine the newest are kept. Lines that cannot be read are
 * none, and so is a file: estimates are then less sure, and nothing else suffers.
 */
final class Timings {
    private static final Logger LOG = LoggerFactory.getLogger(Timings.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Of one component on one machine. */
    static final int KEPT = 48;

    /** Bytes from which the file is written anew, without what is not kept. */
    private static final long LARGE = 1 << 20;

    private final Path file;

    /** Those in a file, which need not exist. */
    Timings(Path file) {
        this.file = file;
    }

    /** Oldest first. */
    List<Observation> all() {
        List<Observation> all = new ArrayList<>();
        for (String line : lines()) {
            try {
                Optional.ofNullable(JSON.readValue(line, Observation.class)).ifPresent(all::add);
            } catch (JsonProcessingException e) {
                LOG.debug("a line of {} cannot be read", file, e);
            }
        }
        all.sort(Comparator.comparingLong(Observation::at));
        return newest(all);
    }

    private List<String> lines() {
        try {
            if (Files.exists(file)) {
                // Bytes that are no text must not hide the lines around them.
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                return text.lines().filter(line -> !line.isBlank()).toList();
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be read", file, e);
        }
        return List.of();
    }

    private record Key(Machine machine, Work.Kind kind, String component) {}

    private static List<Observation> newest(List<Observation> all) {
        Map<Key, Integer> counted = new HashMap<>();
        List<Observation> kept = new ArrayList<>();
        for (Observation one : all.reversed()) {
            Key key = new Key(one.machine(), one.work().kind(), one.work().component());
            if (counted.merge(key, 1, Integer::sum) <= KEPT) {
                kept.addFirst(one);
            }
        }
        return kept;
    }

    /** Adds the newest. */
    synchronized void add(List<Observation> observations) {
        try {
            StringBuilder lines = new StringBuilder();
            for (Observation one : observations) {
                lines.append(JSON.writeValueAsString(one)).append('\n');
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            if (Files.size(file) > LARGE) {
                shorten();
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be written", file, e);
        }
    }

    private void shorten() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Observation one : all()) {
            lines.append(JSON.writeValueAsString(one)).append('\n');
        }
        WholeFile.write(file, lines.toString().getBytes(StandardCharsets.UTF_8));
    }
}
