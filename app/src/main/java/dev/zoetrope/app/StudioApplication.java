package dev.zoetrope.app;

import dev.zoetrope.app.Composition.Surroundings;
import dev.zoetrope.app.files.SampleClip;
import dev.zoetrope.app.files.SystemFileDialogs;
import dev.zoetrope.app.files.SystemTrash;
import dev.zoetrope.engine.EngineClient;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.Computing;
import dev.zoetrope.runtime.gpu.GpuLibraries;

import javafx.application.Application;
import javafx.stage.Stage;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** The studio as JavaFX starts and stops it. */
public class StudioApplication extends Application {
    private @Nullable Composition composition;

    @Override
    public void start(Stage stage) {
        var folders = UserFolders.ofThisSystem();
        composition =
                new Composition(
                        stage,
                        new Surroundings(
                                new OwnEngine(folders),
                                messages ->
                                        new SystemFileDialogs(stage, getHostServices(), messages),
                                new SystemTrash(),
                                folders,
                                GpuLibraries.of(folders),
                                Optional.of(SampleClip.file(folders.cache()))),
                        Locale.getDefault());
        composition.show();
        getParameters().getRaw().stream().map(Path::of).forEach(composition::open);
    }

    /** The engine of the user's data folder. */
    private static final class OwnEngine implements Composition.Engine {
        private final UserFolders folders;
        private volatile @Nullable EngineClient client;

        OwnEngine(UserFolders folders) {
            this.folders = folders;
        }

        /** It is started here and now, rather than when somebody waits for it. */
        @Override
        public ModelRuntime open(Supplier<Computing> computing) {
            EngineClient engine = EngineClient.own(folders, computing);
            engine.connect();
            client = engine;
            return engine;
        }

        @Override
        public void restart() {
            EngineClient engine = client;
            if (engine != null) {
                engine.restart();
            }
        }
    }

    /** What this has begun to show. */
    Composition composition() {
        return Objects.requireNonNull(composition);
    }

    @Override
    public void stop() {
        if (composition != null) {
            composition.close();
        }
    }
}
