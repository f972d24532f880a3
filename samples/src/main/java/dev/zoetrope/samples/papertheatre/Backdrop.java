package dev.zoetrope.samples.papertheatre;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;

/** Where it happens. */
public enum Backdrop {
    SUNSET(Colour.RED, Colour.ORANGE),
    NIGHT(Colour.BLUE, Colour.PURPLE, Colour.BLACK),
    MEADOW(Colour.GREEN),
    SEA(Colour.BLUE),
    PAPER(Colour.WHITE),
    SNOW(Colour.WHITE);

    private final ImmutableSet<Colour> hidden;

    Backdrop(Colour first, Colour... rest) {
        hidden = Sets.immutableEnumSet(first, rest);
    }

    /** Whether a subject of that colour stands out everywhere in this scenery. */
    public boolean shows(Colour colour) {
        return !hidden.contains(colour);
    }
}
