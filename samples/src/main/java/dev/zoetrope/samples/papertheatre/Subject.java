package dev.zoetrope.samples.papertheatre;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.materialdesign2.MaterialDesignA;
import org.kordamp.ikonli.materialdesign2.MaterialDesignB;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignE;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignH;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;
import org.kordamp.ikonli.materialdesign2.MaterialDesignR;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;
import org.kordamp.ikonli.materialdesign2.MaterialDesignU;

/** What is cut out. */
public enum Subject {
    AIRPLANE("airplane", "flying", Facing.UP_RIGHT, MaterialDesignA.AIRPLANE),
    BALLOON("balloon", "drifting", Facing.NOWHERE, MaterialDesignB.BALLOON),
    BIRD("bird", "flying", Facing.RIGHT, MaterialDesignB.BIRD),
    BUTTERFLY("butterfly", "fluttering", Facing.NOWHERE, MaterialDesignB.BUTTERFLY),
    CAR("car", "driving", Facing.RIGHT, MaterialDesignC.CAR_SIDE),
    CAT("cat", "strolling", Facing.NOWHERE, MaterialDesignC.CAT),
    ELEPHANT("elephant", "walking", Facing.RIGHT, MaterialDesignE.ELEPHANT),
    FISH("fish", "swimming", Facing.RIGHT, MaterialDesignF.FISH),
    HEART("heart", "floating", Facing.NOWHERE, MaterialDesignH.HEART),
    HOUSE("house", "sliding", Facing.NOWHERE, MaterialDesignH.HOME),
    PINE_TREE("pine tree", "sliding", Facing.NOWHERE, MaterialDesignP.PINE_TREE),
    RABBIT("rabbit", "hopping", Facing.RIGHT, MaterialDesignR.RABBIT),
    ROCKET("rocket", "flying", Facing.UP, MaterialDesignR.ROCKET),
    SAIL_BOAT("sail boat", "sailing", Facing.RIGHT, MaterialDesignS.SAIL_BOAT),
    STAR("star", "floating", Facing.NOWHERE, MaterialDesignS.STAR),
    UMBRELLA("umbrella", "drifting", Facing.NOWHERE, MaterialDesignU.UMBRELLA);

    /** Which way the glyph looks, so that what moves looks where it goes. */
    enum Facing {
        RIGHT(0),
        UP(-0.5),
        UP_RIGHT(-0.25),
        NOWHERE(0);

        private final double nose;

        Facing(double nose) {
            this.nose = nose;
        }

        /**
         * How far it is turned, clockwise half turns; what looks to the side is mirrored instead.
         */
        double heading(Motion motion) {
            if (this == RIGHT || this == NOWHERE) {
                return 0;
            }
            return switch (motion) {
                case RIGHT -> -nose;
                case LEFT -> -1 - nose;
                case UP -> -0.5 - nose;
                case DOWN -> 0.5 - nose;
                case BOUNCING, SPINNING, GROWING, SHRINKING -> 0;
            };
        }
    }

    private final String noun;
    private final String gait;
    private final Facing facing;
    private final int codePoint;

    Subject(String noun, String gait, Facing facing, Ikon glyph) {
        this.noun = noun;
        this.gait = gait;
        this.facing = facing;
        codePoint = glyph.getCode();
    }

    /** What captions call it, without an article. */
    public String noun() {
        return noun;
    }

    /** How it gets from one side to the other: swimming, flying, driving. */
    String gait() {
        return gait;
    }

    Facing facing() {
        return facing;
    }

    int codePoint() {
        return codePoint;
    }
}
