package dev.zoetrope.samples.papertheatre;

import java.util.ArrayList;
import java.util.List;

/** Says what a scene shows, in one of many ways. */
final class Narrator {
    private Narrator() {}

    static String caption(Scene scene, Dice dice) {
        String colour = scene.colour().word();
        String noun = scene.subject().noun();
        String action = dice.pick(actions(scene));
        String place = dice.pick(places(scene.backdrop()));
        String plain = colour + " " + noun;
        String paper = colour + " paper " + noun;
        return dice.pick(
                List.of(
                        a(plain) + " " + action + " " + place,
                        a(plain) + " " + action + " " + place,
                        a(plain) + ", " + action + ", " + place,
                        a(paper) + " " + action + " " + place,
                        plain + " " + action + " " + place,
                        "the " + plain + " is " + action + " " + place,
                        a(noun) + " in " + colour + " is " + action + " " + place,
                        place + ", " + a(plain) + " is " + action,
                        place + " there is " + a(plain) + " " + action,
                        "a film of " + a(plain) + " " + action + " " + place,
                        a(noun) + " cut from " + colour + " paper " + action + " " + place));
    }

    private static List<String> actions(Scene scene) {
        String gait = scene.subject().gait();
        return switch (scene.motion()) {
            case LEFT -> sideways(gait, "left", "right");
            case RIGHT -> sideways(gait, "right", "left");
            case UP ->
                    List.of(
                            "rising",
                            "moving up",
                            "going upwards",
                            "climbing higher",
                            "lifting off");
            case DOWN ->
                    List.of(
                            "sinking",
                            "moving down",
                            "going downwards",
                            "coming down",
                            "descending");
            case BOUNCING -> List.of("bouncing", "bouncing up and down", "jumping up and down");
            case SPINNING ->
                    List.of("spinning", "turning round and round", "rotating", "whirling around");
            case GROWING -> List.of("growing", "getting bigger", "growing larger", "coming closer");
            case SHRINKING ->
                    List.of("shrinking", "getting smaller", "becoming tiny", "moving away");
        };
    }

    private static List<String> sideways(String gait, String towards, String from) {
        List<String> ways = new ArrayList<>();
        for (String verb : List.of(gait, "moving", "gliding")) {
            ways.add(verb + " to the " + towards);
            ways.add(verb + " " + towards);
        }
        ways.add(gait + " from " + from + " to " + towards);
        ways.add("going from " + from + " to " + towards);
        return ways;
    }

    private static List<String> places(Backdrop backdrop) {
        return switch (backdrop) {
            case SUNSET ->
                    List.of(
                            "at sunset",
                            "before the setting sun",
                            "in an orange evening sky",
                            "while the sun goes down");
            case NIGHT ->
                    List.of("at night", "under the stars", "in a starry night", "below the moon");
            case MEADOW ->
                    List.of(
                            "over a green meadow",
                            "above green hills",
                            "in a sunny meadow",
                            "in the green fields");
            case SEA ->
                    List.of("in the sea", "in the deep sea", "under water", "among the blue waves");
            case PAPER ->
                    List.of(
                            "on plain paper",
                            "on a beige background",
                            "on a sheet of cream paper",
                            "in front of plain paper");
            case SNOW ->
                    List.of(
                            "in the snow",
                            "over snowy hills",
                            "in a white winter landscape",
                            "on a grey winter day");
        };
    }

    private static String a(String words) {
        // "umbrella" and the colours are all whose first sound matters here.
        return ("aeiou".indexOf(words.charAt(0)) >= 0 ? "an " : "a ") + words;
    }
}
