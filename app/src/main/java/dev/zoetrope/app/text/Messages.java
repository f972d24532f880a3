package dev.zoetrope.app.text;

import dev.zoetrope.ui.Resources;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;

import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/**
 * The sentences of the window in one language. When another is chosen, all that shows words is made
 * anew over the same view models; what was made before lets go of those because it follows their
 * values only {@code when(messages.spoken())}.
 */
public final class Messages {
    private final Locale locale;
    private final ResourceBundle bundle;
    private final ReadOnlyBooleanWrapper spoken = new ReadOnlyBooleanWrapper(this, "spoken", true);

    public Messages(Locale locale) {
        this.locale = locale;
        this.bundle = Resources.messages(locale);
    }

    /** The language and number format of these messages. */
    public Locale locale() {
        return locale;
    }

    /** Whether this is still the language of the window. */
    public ReadOnlyBooleanProperty spoken() {
        return spoken.getReadOnlyProperty();
    }

    /** Another language takes over. */
    public void retire() {
        spoken.set(false);
    }

    /**
     * The message of a key with its placeholders filled in.
     *
     * @throws java.util.MissingResourceException when there is no such message
     */
    public String get(String key, Object... values) {
        return new MessageFormat(bundle.getString(key), locale).format(values);
    }

    /** The lines of a message that has several, whatever the values hold; throws likewise. */
    public List<String> lines(String key, Object... values) {
        return bundle.getString(key)
                .lines()
                .map(line -> new MessageFormat(line, locale).format(values))
                .toList();
    }

    /**
     * What the runtime says in English and in words alone; as it is where nothing is known of it.
     */
    public String phrase(String english) {
        return Phrases.translated(english, locale, bundle::getString);
    }
}
