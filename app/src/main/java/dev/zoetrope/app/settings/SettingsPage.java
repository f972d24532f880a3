package dev.zoetrope.app.settings;

import dev.zoetrope.app.files.FileDialogs;
import dev.zoetrope.app.form.Form;
import dev.zoetrope.app.problem.ProblemBanner;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Computing;
import dev.zoetrope.runtime.device.Equipment;
import dev.zoetrope.runtime.device.Precision;

import javafx.application.Platform;
import javafx.collections.FXCollections;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** How the window looks and speaks, where things are kept, and with what is computed. */
public final class SettingsPage extends VBox {
    private static final List<Integer> TEXT_SIZES = List.of(100, 110, 125, 150);

    private final SettingsViewModel model;
    private final GpuViewModel gpu;
    private final Messages messages;
    private final FileDialogs dialogs;
    private final Form form;
    private final ComboBox<Language> language;

    /**
     * @param showKeys shows every key the window knows
     */
    public SettingsPage(
            SettingsViewModel model,
            GpuViewModel gpu,
            Messages messages,
            FileDialogs dialogs,
            Runnable showKeys) {
        this.model = model;
        this.gpu = gpu;
        this.messages = messages;
        this.dialogs = dialogs;
        this.form = new Form(messages);
        this.language =
                choice(
                        List.of(Language.values()),
                        this::name,
                        now -> now.look().language(),
                        (now, chosen) -> now.look(look -> look.withLanguage(chosen)));
        getStyleClass().addAll("stage", "settings-page");
        var banner = new ProblemBanner(messages, model::dismissProblem);
        banner.follow(model.problemProperty());
        var content = new VBox(look(showKeys), folders(), computing(), clips());
        content.getStyleClass().add("content");
        var scroll = Form.column(content);
        getChildren().addAll(banner, scroll);
        // To ask takes the engine a moment, so only those who come here do.
        sceneProperty()
                .subscribe(scene -> {
                    if (scene != null) {
                        model.askForEquipment();
                        gpu.look();
                    }
                });
    }

    /** Puts the focus where the language is chosen. */
    public void takeFocus() {
        language.requestFocus();
    }

    private Node look(Runnable showKeys) {
        var theme =
                choice(
                        List.of(Theme.values()),
                        this::name,
                        now -> now.look().theme(),
                        (now, chosen) -> now.look(look -> look.withTheme(chosen)));
        var text =
                choice(
                        TEXT_SIZES,
                        percent -> messages.get("settings.percent", percent),
                        now -> now.look().textPercent(),
                        (now, percent) -> now.look(look -> look.withTextPercent(percent)));
        var still =
                onOff(
                        now ->
                                now.look()
                                        .reducedMotion()
                                        .orElseGet(
                                                () -> Platform.getPreferences().isReducedMotion()),
                        (now, reduced) -> now.look(look -> look.withReducedMotion(reduced)));
        var keys = new Button(messages.get("settings.keys.show"));
        keys.setMnemonicParsing(true);
        keys.setOnAction(_ -> showKeys.run());
        return form.section(
                "settings.look",
                card(
                        row("settings.language", "", language),
                        row("settings.theme", "", theme),
                        row("settings.text", "", text),
                        row("settings.still", "settings.still.about", still),
                        row("settings.keys", "", keys)));
    }

    private Node folders() {
        var results = place();
        model.settingsProperty()
                .when(messages.spoken())
                .subscribe(_ -> results.setText(model.results().toString()));
        var choose = new Button(messages.get("settings.results.choose"));
        choose.setMnemonicParsing(true);
        choose.setOnAction(_ ->
                dialogs.folder(Optional.of(model.results()))
                        .ifPresent(folder ->
                                model.change(now ->
                                        now.making(making ->
                                                making.withResults(Optional.of(folder))))));
        var usual = new Button(messages.get("settings.results.usual"));
        usual.setMnemonicParsing(true);
        usual.setOnAction(_ ->
                model.change(now -> now.making(making -> making.withResults(Optional.empty()))));
        usual.disableProperty()
                .bind(
                        model.settingsProperty()
                                .when(messages.spoken())
                                .map(now -> now.making().results().isEmpty()));
        var models = place();
        models.setText(model.models().toString());
        var show = new Button(messages.get("settings.models.show"));
        show.setMnemonicParsing(true);
        show.setOnAction(_ -> dialogs.showFolder(model.models()));
        return form.section(
                "settings.folders",
                card(
                        row("settings.results", results, buttons(choose, usual)),
                        row("settings.models", models, buttons(show))));
    }

    private Node computing() {
        var devices =
                choice(
                        List.of(Optional.<ComputeDevice>empty()),
                        this::name,
                        now -> now.making().computing().device(),
                        (now, device) ->
                                computing(now, with -> new Computing(device, with.threads())));
        var deviceRow = row("settings.device", "", devices);
        var precisions =
                choice(
                        List.of(Optional.<Precision>empty()),
                        this::precision,
                        now -> now.making().precision(),
                        (now, chosen) -> now.making(making -> making.withPrecision(chosen)));
        var threads =
                choice(
                        threads(),
                        this::threads,
                        now -> now.making().computing().threads(),
                        (now, count) ->
                                computing(now, with -> new Computing(with.device(), count)));
        model.equipmentProperty()
                .when(messages.spoken())
                .subscribe(equipment -> {
                    List<ComputeDevice> known = equipment.map(Equipment::devices).orElse(List.of());
                    offer(devices, known, model.settings().making().computing().device());
                    offer(
                            precisions,
                            equipment.map(Equipment::precisions).orElse(List.of()),
                            model.settings().making().precision());
                    deviceRow.setVisible(known.size() > 1);
                    deviceRow.setManaged(known.size() > 1);
                });
        return form.section(
                "settings.computing",
                card(
                        row("settings.precision", "settings.precision.about", precisions),
                        row("settings.threads", "settings.threads.about", threads),
                        deviceRow,
                        new GpuRow(gpu, messages),
                        row(
                                "settings.calibrated",
                                "settings.calibrated.about",
                                onOff(
                                        now -> now.making().calibrated(),
                                        (now, wanted) ->
                                                now.making(making ->
                                                        making.withCalibrated(wanted))))));
    }

    private static Settings computing(Settings now, UnaryOperator<Computing> change) {
        return now.making(making -> making.withComputing(change.apply(making.computing())));
    }

    private Node clips() {
        return form.section(
                "settings.clips",
                card(
                        row(
                                "settings.metadata",
                                "settings.metadata.about",
                                onOff(
                                        now -> now.making().metadata(),
                                        (now, kept) ->
                                                now.making(making -> making.withMetadata(kept))))));
    }

    /** What is chosen stays on offer, though it may not be there at the moment. */
    private static <T> void offer(ComboBox<Optional<T>> choice, List<T> known, Optional<T> chosen) {
        List<Optional<T>> offered = new ArrayList<>();
        offered.add(Optional.empty());
        known.forEach(one -> offered.add(Optional.of(one)));
        if (!offered.contains(chosen)) {
            offered.add(chosen);
        }
        choice.getItems().setAll(offered);
        choice.setValue(chosen);
    }

    private static List<OptionalInt> threads() {
        return IntStream.rangeClosed(0, Runtime.getRuntime().availableProcessors())
                .mapToObj(count -> count == 0 ? OptionalInt.empty() : OptionalInt.of(count))
                .toList();
    }

    private <T> ComboBox<T> choice(
            List<T> offered,
            Function<T, String> name,
            Function<Settings, T> now,
            BiFunction<Settings, T, Settings> with) {
        var choice = new ComboBox<>(FXCollections.observableArrayList(offered));
        choice.setConverter(Form.shown(name));
        model.settingsProperty().when(messages.spoken()).map(now).subscribe(choice::setValue);
        choice.valueProperty()
                .subscribe((_, chosen) -> {
                    if (chosen != null) {
                        model.change(settings -> with.apply(settings, chosen));
                    }
                });
        return choice;
    }

    private CheckBox onOff(
            Function<Settings, Boolean> now, BiFunction<Settings, Boolean, Settings> with) {
        var choice = new CheckBox();
        model.settingsProperty().when(messages.spoken()).map(now).subscribe(choice::setSelected);
        choice.selectedProperty()
                .subscribe((_, chosen) -> model.change(settings -> with.apply(settings, chosen)));
        return choice;
    }

    private static Label place() {
        var place = new Label();
        place.getStyleClass().add("facts");
        place.setWrapText(true);
        return place;
    }

    private static Node buttons(Button... some) {
        var buttons = new HBox(some);
        buttons.getStyleClass().add("range");
        buttons.setAlignment(Pos.CENTER_RIGHT);
        return buttons;
    }

    private static Node card(Node... rows) {
        rows[0].getStyleClass().add("first");
        var card = new VBox(rows);
        card.getStyleClass().add("card");
        return card;
    }

    private Node row(String key, String about, Control control) {
        var explanation = place();
        if (!about.isEmpty()) {
            explanation.setText(messages.get(about));
        }
        var row = row(key, explanation, control);
        if (!(control instanceof Button)) {
            control.setAccessibleText(messages.get(key));
        }
        return row;
    }

    private Node row(String key, Label about, Node control) {
        var name = new Label(messages.get(key));
        name.setLabelFor(control);
        about.managedProperty().bind(about.textProperty().isNotEmpty());
        var words = new VBox(name, about);
        words.getStyleClass().add("words");
        words.setAlignment(Pos.CENTER_LEFT);
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        if (control instanceof Region region) {
            region.setMinWidth(Region.USE_PREF_SIZE);
        }
        var row = new HBox(words, control);
        row.getStyleClass().add("row");
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }

    private String name(Language chosen) {
        return messages.get(
                switch (chosen) {
                    case SYSTEM -> "settings.language.system";
                    case ENGLISH -> "settings.language.english";
                    case CHINESE -> "settings.language.chinese";
                });
    }

    private String name(Theme chosen) {
        return messages.get(
                switch (chosen) {
                    case DARK -> "settings.theme.dark";
                    case LIGHT -> "settings.theme.light";
                    case SYSTEM -> "settings.theme.system";
                });
    }

    private String name(Optional<ComputeDevice> chosen) {
        return messages.get(
                chosen.map(device ->
                                switch (device) {
                                    case CPU -> "settings.device.cpu";
                                    case CUDA -> "settings.device.cuda";
                                })
                        .orElse("settings.device.fastest"));
    }

    private String precision(Optional<Precision> chosen) {
        return messages.get(
                chosen.map(precision ->
                                switch (precision) {
                                    case FP32 -> "settings.precision.fp32";
                                    case FP16 -> "settings.precision.fp16";
                                    case BF16 -> "settings.precision.bf16";
                                })
                        .orElse("settings.precision.best"));
    }

    private String threads(OptionalInt count) {
        return count.isPresent()
                ? messages.get("settings.threads.count", count.getAsInt())
                : messages.get("settings.threads.best");
    }
}
