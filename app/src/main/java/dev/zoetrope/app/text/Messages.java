package dev.zoetrope.app.text;

import dev.zoetrope.ui.Resources;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** The sentences of the window in one language. */
public final class Messages {
    private final Locale locale;
    private final ResourceBundle bundle;

    public Messages(Locale locale) {
        this.locale = locale;
        this.bundle = Resources.messages(locale);
    }

    /** The language and number format of these messages. */
    public Locale locale() {
        return locale;
    }

    /**
     * The message of a key with its placeholders filled in.
     *
     * @throws java.util.MissingResourceException when there is no such message
     */
    public String get(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), locale).format(values);
    }
}
