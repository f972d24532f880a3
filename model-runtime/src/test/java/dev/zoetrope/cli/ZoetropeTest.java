package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import picocli.CommandLine.Command;

final class ZoetropeTest {
    @Test
    void everyCommandIsFoundByTheNameThatItSays() {
        Zoetrope.COMMANDS.forEach(
                (name, type) -> assertEquals(type.getAnnotation(Command.class).name(), name));
    }
}
