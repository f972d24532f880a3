package dev.zoetrope.samples.papertheatre;

import dev.zoetrope.runtime.training.ClipCritic;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.TrainingClip;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The clip generator. Every pixel follows from the scene, the seed and the shape by IEEE arithmetic
 * alone, so a clip is the same bytes on every platform; no window system and no font of the system
 * is touched.
 */
public sealed class PaperTheatre implements ClipSource permits Rehearsal, Premiere {
    private static final int CASTING = 0;
    private static final int CAPTION = 1;
    private static final int SCENERY = 2;
    private static final int ACTING = 3;

    // The subject's shadow and its lit rim; lengths in units of the glyph's longer side.
    private static final float SHADOW_X = 0.025f;
    private static final float SHADOW_Y = 0.04f;
    private static final float SHADOW_BLUR = 0.045f;
    private static final float SHADOW_STRENGTH = 0.3f;

    /** No shadow further than this from the edge, squashed or not. */
    private static final float SHADOW_REACH = 0.12f;

    private static final float RIM = 0.02f;
    private static final float RIM_LIGHT = 14;

    private final String name;
    private final Staging staging;
    private final LongFunction<Scene> programme;

    public PaperTheatre() {
        this(
                "paper-theatre",
                Staging.REPERTOIRE,
                index -> new Dice(index, CASTING).pick(Scene.all()));
    }

    /**
     * @param programme which scene is played at an index
     */
    PaperTheatre(String name, Staging staging, LongFunction<Scene> programme) {
        this.name = name;
        this.staging = staging;
        this.programme = programme;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final TrainingClip clip(long index, ClipShape shape) {
        return render(scene(index), index, shape);
    }

    @Override
    public final Optional<ClipCritic> critic() {
        return Optional.of(new Critic(this::scene));
    }

    /** The scene of the clip at an index, whatever its shape. */
    public final Scene scene(long index) {
        return programme.apply(index);
    }

    /**
     * Plays a scene.
     *
     * @param seed decides the caption's wording, the scenery's details and the exact path
     */
    public final TrainingClip render(Scene scene, long seed, ClipShape shape) {
        int width = shape.width();
        int height = shape.height();
        byte[] backdrop =
                bytes(Scenery.paint(scene.backdrop(), new Dice(seed, SCENERY), width, height));
        Dice dice = new Dice(seed, ACTING);
        Cutout cutout = Cutout.of(scene, dice);
        Trajectory path =
                new Trajectory(scene.motion(), staging, dice, shape.frames(), width, height);
        ByteBuffer rgb = ByteBuffer.allocateDirect(shape.bytes());
        byte[] frame = new byte[backdrop.length];
        for (int f = 0; f < shape.frames(); f++) {
            System.arraycopy(backdrop, 0, frame, 0, frame.length);
            float t = shape.frames() == 1 ? 0.5f : (float) f / (shape.frames() - 1);
            cutout.place(path.at(t), frame, width, height);
            rgb.put(frame);
        }
        String caption = Narrator.caption(scene, new Dice(seed, CAPTION));
        return new TrainingClip(shape, rgb.flip(), caption);
    }

    private static byte[] bytes(float[] rgb) {
        byte[] bytes = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            bytes[i] = (byte) (rgb[i] + 0.5f);
        }
        return bytes;
    }

    /**
     * The subject, cut from a sheet of its colour.
     *
     * @param mirrored whether the glyph is turned over
     * @param heading how far the glyph is turned so that its nose leads, clockwise radians
     */
    private record Cutout(
            Silhouette silhouette, boolean mirrored, float heading, int red, int green, int blue) {

        static Cutout of(Scene scene, Dice dice) {
            Motion motion = scene.motion();
            Subject.Facing facing = scene.subject().facing();
            boolean leftwards = motion == Motion.LEFT || (motion != Motion.RIGHT && dice.coin());
            int rgb = scene.colour().rgb();
            return new Cutout(
                    Silhouette.of(scene.subject()),
                    facing == Subject.Facing.RIGHT && leftwards,
                    (float) (facing.heading(motion) * Math.PI),
                    tinted(rgb >> 16, dice),
                    tinted(rgb >> 8, dice),
                    tinted(rgb, dice));
        }

        private static int tinted(int channel, Dice dice) {
            return Math.clamp((channel & 255) + Math.round(dice.between(-8, 8)), 0, 255);
        }

        /** Draws it and its shadow over a frame of (H, W, 3) bytes. */
        void place(Trajectory.Pose pose, byte[] frame, int width, int height) {
            float size = pose.size();
            float tall = pose.squash();
            float wide = 2 - tall;
            float cos = (float) StrictMath.cos(pose.angle() + heading);
            float sin = (float) StrictMath.sin(pose.angle() + heading);

            float halfWidth = silhouette.halfWidth() * wide;
            float halfHeight = silhouette.halfHeight() * tall;
            float reachX = Math.abs(cos) * halfWidth + Math.abs(sin) * halfHeight + SHADOW_REACH;
            float reachY = Math.abs(sin) * halfWidth + Math.abs(cos) * halfHeight + SHADOW_REACH;
            int x0 = Math.clamp((int) (pose.x() - size * reachX), 0, width);
            int x1 = Math.clamp((int) (pose.x() + size * reachX) + 1, 0, width);
            int y0 = Math.clamp((int) (pose.y() - size * reachY), 0, height);
            int y1 = Math.clamp((int) (pose.y() + size * reachY) + 1, 0, height);

            // From pixels on the screen to the glyph's own units.
            float ux = (mirrored ? -cos : cos) / (size * wide);
            float uy = (mirrored ? -sin : sin) / (size * wide);
            float vx = -sin / (size * tall);
            float vy = cos / (size * tall);
            float shadowU = size * (ux * SHADOW_X + uy * SHADOW_Y);
            float shadowV = size * (vx * SHADOW_X + vy * SHADOW_Y);

            for (int y = y0; y < y1; y++) {
                float dy = y + 0.5f - pose.y();
                int at = 3 * (y * width + x0);
                for (int x = x0; x < x1; x++, at += 3) {
                    float dx = x + 0.5f - pose.x();
                    float u = ux * dx + uy * dy;
                    float v = vx * dx + vy * dy;
                    float inside = silhouette.distance(u, v);
                    float cover = Math.clamp(inside * size + 0.5f, 0f, 1f);
                    if (cover < 1 && inside > -SHADOW_REACH) {
                        float behind = silhouette.distance(u - shadowU, v - shadowV);
                        float dark = Math.clamp(0.5f + behind / (2 * SHADOW_BLUR), 0f, 1f);
                        shade(frame, at, 1 - SHADOW_STRENGTH * dark * dark * (3 - 2 * dark));
                    }
                    if (cover > 0) {
                        float light = RIM_LIGHT * Math.clamp(1 - inside / RIM, 0f, 1f);
                        blend(frame, at, red + light, cover);
                        blend(frame, at + 1, green + light, cover);
                        blend(frame, at + 2, blue + light, cover);
                    }
                }
            }
        }

        private static void shade(byte[] frame, int at, float keep) {
            for (int c = at; c < at + 3; c++) {
                frame[c] = (byte) ((frame[c] & 255) * keep + 0.5f);
            }
        }

        private static void blend(byte[] frame, int at, float value, float cover) {
            float below = frame[at] & 255;
            frame[at] = (byte) Math.min(255f, below + (value - below) * cover + 0.5f);
        }
    }
}
