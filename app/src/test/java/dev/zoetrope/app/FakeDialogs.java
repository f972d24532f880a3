package dev.zoetrope.app;

import dev.zoetrope.app.files.FileDialogs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A person who always answers the same, and remembers what was shown. */
final class FakeDialogs implements FileDialogs {
    final List<Path> folders = new CopyOnWriteArrayList<>();
    final List<Path> shown = new CopyOnWriteArrayList<>();
    Optional<Path> opened = Optional.empty();
    Optional<Path> saved = Optional.empty();
    Optional<Path> folder = Optional.empty();
    Optional<Path> configuration = Optional.empty();
    Optional<Path> weights = Optional.empty();

    @Override
    public Optional<Path> open(Optional<Path> folder) {
        return opened;
    }

    @Override
    public Optional<Path> folder(Optional<Path> start) {
        return folder;
    }

    @Override
    public Optional<Path> configuration() {
        return configuration;
    }

    @Override
    public Optional<Path> weights() {
        return weights;
    }

    @Override
    public Optional<Path> saveAs(Path suggestion) {
        return saved;
    }

    @Override
    public void showInFolder(Path file) {
        shown.add(file);
    }

    @Override
    public void showFolder(Path folder) {
        folders.add(folder);
    }
}
