package dev.zoetrope.app.files;

import dev.zoetrope.app.text.Messages;

import javafx.application.HostServices;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonType;
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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The dialogs of the system the window runs on. */
public final class SystemFileDialogs implements FileDialogs {
    private static final List<String> VIDEOS =
            List.of("mp4", "mov", "m4v", "webm", "mkv", "avi", "mpg", "mpeg", "ts", "wmv");
    private static final List<String> PICTURES =
            List.of("gif", "webp", "apng", "png", "jpg", "jpeg");
    private static final List<String> WEIGHTS =
            List.of("safetensors", "ckpt", "pt", "pth", "bin", "onnx");

    /** Of the formats that videos are written in. */
    private static final Pattern EXTENSION = Pattern.compile("(?i)\\.(mp4|m4v|webm|webp|gif)$");

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
        // Without its extension, which comes with the format.
        chooser.setInitialFileName(
                EXTENSION.matcher(String.valueOf(suggestion.getFileName())).replaceFirst(""));
        chooser.getExtensionFilters()
                .addAll(
                        filter("dialog.mp4", List.of("mp4")),
                        filter("dialog.webm", List.of("webm")),
                        filter("dialog.gif", List.of("gif")),
                        filter("dialog.webp", List.of("webp")),
                        new ExtensionFilter(messages.get("dialog.frames"), "*"));
        return Optional.ofNullable(chooser.showSaveDialog(owner))
                .map(File::toPath)
                .flatMap(file -> named(file, chooser.getSelectedExtensionFilter()));
    }

    /**
     * Not every system's dialog appends the extension of the chosen format, and asks about that.
     */
    private Optional<Path> named(Path chosen, ExtensionFilter format) {
        Path file = withExtension(chosen, format);
        return file.equals(chosen) || !Files.exists(file) || mayReplace(file)
                ? Optional.of(file)
                : Optional.empty();
    }

    private boolean mayReplace(Path file) {
        var question =
                new Alert(
                        Alert.AlertType.CONFIRMATION,
                        messages.get("dialog.replace", String.valueOf(file.getFileName())));
        question.initOwner(owner);
        question.setHeaderText(null);
        return question.showAndWait().filter(ButtonType.OK::equals).isPresent();
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

    private static Path withExtension(Path file, ExtensionFilter format) {
        String name = String.valueOf(file.getFileName());
        String extension = format.getExtensions().getFirst().substring(1);
        return EXTENSION.matcher(name).find() ? file : file.resolveSibling(name + extension);
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
