package dev.zoetrope.app;

import dev.zoetrope.app.settings.SettingsStore;
import dev.zoetrope.app.shell.Appearance;
import dev.zoetrope.app.text.Messages;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignB;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignD;
import org.kordamp.ikonli.materialdesign2.MaterialDesignE;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignI;
import org.kordamp.ikonli.materialdesign2.MaterialDesignK;
import org.kordamp.ikonli.materialdesign2.MaterialDesignL;
import org.kordamp.ikonli.materialdesign2.MaterialDesignM;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;
import org.kordamp.ikonli.materialdesign2.MaterialDesignT;
import org.kordamp.ikonli.materialdesign2.MaterialDesignV;
import org.kordamp.ikonli.materialdesign2.MaterialDesignW;

import java.util.List;
import java.util.Locale;

/**
 * What a window needs and no toolkit has to make, made while the toolkit starts. The window makes
 * what is not there yet itself, or waits for it: without this it is only later.
 */
final class HeadStart {
    /** Of thousands each, so that one of them takes milliseconds. */
    static final List<Class<? extends Ikon>> ICONS =
            List.of(
                    MaterialDesignC.class,
                    MaterialDesignF.class,
                    MaterialDesignP.class,
                    MaterialDesignS.class,
                    MaterialDesignA.class,
                    MaterialDesignB.class,
                    MaterialDesignD.class,
                    MaterialDesignE.class,
                    MaterialDesignI.class,
                    MaterialDesignK.class,
                    MaterialDesignL.class,
                    MaterialDesignM.class,
                    MaterialDesignR.class,
                    MaterialDesignT.class,
                    MaterialDesignV.class,
                    MaterialDesignW.class);

    private HeadStart() {}

    static void take() {
        Thread.ofPlatform().daemon().name("head-start").start(HeadStart::prepare);
    }

    /** In the order in which a window asks for it. */
    private static void prepare() {
        SettingsStore.prepare();
        Appearance.loadFonts();
        for (var icons : ICONS) {
            var _ = icons.getEnumConstants();
        }
        var _ = new Messages(Locale.getDefault()).get("queue.button", 0);
    }
}
