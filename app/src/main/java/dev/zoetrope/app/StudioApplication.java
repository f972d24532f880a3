package dev.zoetrope.app;

import dev.zoetrope.app.Composition.Surroundings;
import dev.zoetrope.app.files.SampleClip;
import dev.zoetrope.app.files.SystemFileDialogs;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.engine.EngineClient;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;

import javafx.application.Application;
import javafx.stage.Stage;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Optional;

/** The studio as JavaFX starts and stops it. */
public final class StudioApplication extends Application {
    private @Nullable Composition composition;

    @Override
    public void start(Stage stage) {
        var messages = new Messages(Locale.getDefault());
        var folders = UserFolders.ofThisSystem();
        composition =
                new Composition(
                        stage,
                        new Surroundings(
                                () -> engine(folders),
                                new SystemFileDialogs(stage, getHostServices(), messages),
                                folders,
                                Optional.of(SampleClip.file(folders.cache()))),
                        messages);
        composition.show();
    }

    /** It is started here and now, rather than when somebody waits for it. */
    private static ModelRuntime engine(UserFolders folders) {
        EngineClient engine = EngineClient.own(folders);
        engine.connect();
        return engine;
    }

    @Override
    public void stop() {
        if (composition != null) {
            composition.close();
        }
    }
}
