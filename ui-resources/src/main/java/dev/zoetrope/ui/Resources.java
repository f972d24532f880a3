package dev.zoetrope.ui;

import java.net.URL;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/** Where the files of this module are. */
public final class Resources {
    private static final List<String> FONTS =
            List.of(
                    "/com/formdev/flatlaf/fonts/inter/Inter-Regular.otf",
                    "/com/formdev/flatlaf/fonts/inter/Inter-SemiBold.otf",
                    "/com/formdev/flatlaf/fonts/inter/Inter-Bold.otf",
                    "/com/formdev/flatlaf/fonts/jetbrains_mono/JetBrainsMono-Regular.ttf");

    private Resources() {}

    /** The colours of the dark theme; goes before {@link #components()}. */
    public static URL dark() {
        return find("dark.css");
    }

    /** The colours of the light theme; goes before {@link #components()}. */
    public static URL light() {
        return find("light.css");
    }

    /** The shapes of every control, in the colours of either theme. */
    public static URL components() {
        return find("components.css");
    }

    /** Inter for words, JetBrains Mono for numbers that change in place. */
    public static List<URL> fonts() {
        return FONTS.stream().map(Resources::find).toList();
    }

    /** The window's icon, 256 x 256. */
    public static URL icon() {
        return find("icon.png");
    }

    /** Every sentence of the window; English where there is no translation. */
    public static ResourceBundle messages(Locale locale) {
        return ResourceBundle.getBundle(
                "dev.zoetrope.ui.messages",
                locale,
                ResourceBundle.Control.getNoFallbackControl(
                        ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    private static URL find(String name) {
        URL url = Resources.class.getResource(name);
        if (url == null) {
            throw new IllegalStateException("the application lacks its resource " + name);
        }
        return url;
    }
}
