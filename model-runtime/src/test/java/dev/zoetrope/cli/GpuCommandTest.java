package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** {@code gpu} on a machine with a GPU, beside a repository that has nothing. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "has a list of libraries")
final class GpuCommandTest {
    @TempDir Path home;

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private HttpServer repository;

    private record Said(int status, String out, String err) {}

    @BeforeEach
    void plugIn() throws IOException {
        Path driver = home.resolve("nvidia-smi");
        Files.writeString(driver, "#!/bin/sh\necho 'NVIDIA Example, 24564, 550.54.15, 8.9'\n");
        Files.setPosixFilePermissions(driver, PosixFilePermissions.fromString("rwxr-xr-x"));
        repository =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        repository.createContext(
                "/",
                exchange -> {
                    asked.add(exchange.getRequestURI().getPath());
                    exchange.sendResponseHeaders(404, -1);
                    exchange.close();
                });
        repository.start();
    }

    @AfterEach
    void stop() {
        repository.stop(0);
    }

    private String address() {
        return "http://127.0.0.1:%d/maven".formatted(repository.getAddress().getPort());
    }

    private Said run(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Zoetrope.class.getName(),
                                "gpu"));
        command.addAll(List.of(arguments));
        Path err = home.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment()
                .merge("PATH", home.toString(), (path, first) -> first + File.pathSeparator + path);
        builder.environment().put("ZOETROPE_HOME", home.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("PYTORCH_"));
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), out, Files.readString(err));
    }

    @Test
    void itSaysWhatThereIsAndWhatCouldBeDone() throws Exception {
        Said said = run();

        assertEquals(1, said.status());
        assertTrue(
                said.out().startsWith("NVIDIA Example, 24 GiB, compute capability 8.9"),
                said.out());
        assertTrue(said.err().contains("zoetrope gpu install"), said.err());
    }

    @Test
    void nothingIsDownloadedWithoutConsent() throws Exception {
        Said said = run("install", "--from", address());

        assertEquals(Zoetrope.CANCELLED, said.status());
        assertTrue(said.err().contains("GB to download"), said.err());
        assertTrue(said.err().contains("Nothing was downloaded."), said.err());
        assertEquals(0, asked.size());
        assertFalse(Files.exists(home.resolve("gpu")));
    }

    @Test
    void withConsentTheRepositoryIsAskedForTheFirstLibrary() throws Exception {
        Said said = run("install", "--yes", "--from", address());

        assertEquals(Zoetrope.PROBLEM, said.status());
        assertEquals(1, asked.size());
        assertTrue(asked.peek().startsWith("/maven/org/bytedeco/pytorch/2."), asked.peek());
        assertTrue(said.err().contains("it answers with 404"), said.err());
    }

    @Test
    void whatIsNoAddressIsRefused() throws Exception {
        Said said = run("install", "--yes", "--from", "ftp://example.org/");

        assertEquals(Zoetrope.PROBLEM, said.status());
        assertTrue(said.err().contains("not the address of a Maven repository"), said.err());
    }

    @Test
    void whatCameIsRemoved() throws Exception {
        Path old = Files.createDirectories(home.resolve("gpu/0123456789ab.part"));
        Files.write(old.resolve("libtorch.so.packed"), new byte[100]);

        Said said = run("remove");

        assertEquals(0, said.status());
        assertFalse(Files.exists(old));
    }
}
