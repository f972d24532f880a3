package dev.zoetrope.app.files;

import dev.zoetrope.app.text.Messages;

import javafx.application.HostServices;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.FileChooser.ExtensionFilter;
import javafx.stage.Window;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The dialogs of the system the window runs on. */
public final class SystemFileDialogs implements FileDialogs {
    private static final List<String> VIDEOS =
            List.of("mp4", "mov", "m4v", "webm", "mkv", "avi", "mpg", "mpeg", "ts", "wmv");
    private static final List<String> PICTURES =
            List.of("gif", "webp", "apng", "png", "jpg", "jpeg");
    private static final List<String> WEIGHTS =
            List.of("safetensors", "ckpt", "pt", "pth", "bin", "onnx");

    private final Window owner;
    private final HostServices host;
    private final Messages messages;

    public SystemFileDialogs(Window owner, HostServices host, Messages messages) {
        this.owner = owner;
        this.host = host;
        this.messages = messages;
    }

    @Override
    public Optional<Path> open(Optional<Path> folder) {
        var chooser = new FileChooser();
        chooser.setTitle(messages.get("dialog.open"));
        folder.filter(Files::isDirectory).map(Path::toFile).ifPresent(chooser::setInitialDirectory);
        chooser.getExtensionFilters()
                .addAll(
                        filter(
                                "dialog.videos",
                                Stream.concat(VIDEOS.stream(), PICTURES.stream()).toList()),
                        new ExtensionFilter(messages.get("dialog.all"), "*.*"));
        return Optional.ofNullable(chooser.showOpenDialog(owner)).map(File::toPath);
    }

    @Override
    public Optional<Path> folder(Optional<Path> start) {
        var chooser = new DirectoryChooser();
        chooser.setTitle(messages.get("dialog.folder"));
        start.filter(Files::isDirectory).map(Path::toFile).ifPresent(chooser::setInitialDirectory);
        return Optional.ofNullable(chooser.showDialog(owner)).map(File::toPath);
    }

    @Override
    public Optional<Path> configuration() {
        var chooser = new FileChooser();
        chooser.setTitle(messages.get("dialog.configuration"));
        chooser.getExtensionFilters().add(filter("dialog.json", List.of("json")));
        return Optional.ofNullable(chooser.showOpenDialog(owner)).map(File::toPath);
    }

    @Override
    public Optional<Path> weights() {
        var chooser = new FileChooser();
        chooser.setTitle(messages.get("dialog.weights"));
        chooser.getExtensionFilters()
                .addAll(
                        filter("dialog.models", WEIGHTS),
                        new ExtensionFilter(messages.get("dialog.all"), "*.*"));
        return Optional.ofNullable(chooser.showOpenDialog(owner)).map(File::toPath);
    }

    @Override
    public Optional<Path> saveAs(Path suggestion) {
        var chooser = new FileChooser();
        chooser.setTitle(messages.get("dialog.save"));
        Path folder = suggestion.getParent();
        if (folder != null && Files.isDirectory(folder)) {
            chooser.setInitialDirectory(folder.toFile());
        }
        chooser.setInitialFileName(String.valueOf(suggestion.getFileName()));
        chooser.getExtensionFilters()
                .addAll(
                        filter("dialog.mp4", List.of("mp4")),
                        filter("dialog.webm", List.of("webm")),
                        filter("dialog.gif", List.of("gif")));
        return Optional.ofNullable(chooser.showSaveDialog(owner))
                .map(File::toPath)
                .map(file -> withExtension(file, chooser.getSelectedExtensionFilter()));
    }

    @Override
    public void showInFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            showFolder(folder);
        }
    }

    @Override
    public void showFolder(Path folder) {
        host.showDocument(folder.toUri().toString());
    }

    /** Not every system's dialog appends the extension of the chosen format. */
    private static Path withExtension(Path file, ExtensionFilter format) {
        String name = String.valueOf(file.getFileName());
        String extension = format.getExtensions().getFirst().substring(1);
        return name.contains(".") ? file : file.resolveSibling(name + extension);
    }

    private ExtensionFilter filter(String key, List<String> extensions) {
        // Some systems match case-sensitively, and cameras write .MP4.
        List<String> patterns =
                extensions.stream()
                        .flatMap(e -> Stream.of("*." + e, "*." + e.toUpperCase(Locale.ROOT)))
                        .toList();
        return new ExtensionFilter(messages.get(key), patterns);
    }
}
