package dev.zoetrope.pipeline;

import dev.zoetrope.model.codec.AutoencoderKlConfig;
import dev.zoetrope.model.codec.CausalVideoVaeConfig;
import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.runtime.device.Precision;

/**
 * Counts the work of a codec on a clip, as {@link GenerationWork} does.
 *
 * @param length frames that are coded at once, as many as its grid allows
 * @param width of a frame in pixels
 * @param height of a frame in pixels
 */
record CodecWork(CodecCheckpoint codec, int length, int width, int height) {
    /** Activations that a level of a decoder holds at once. */
    private static final int ACTIVATIONS_OF_A_LEVEL = 4;

    /** Of an image VAE. */
    private static final int FRAMES_AT_ONCE = 4;

    String name() {
        return GenerationWork.name(codec.architecture(), codec.weights());
    }

    double pixels() {
        return (double) width * height * length;
    }

    /** Latent ones. */
    long frames() {
        return codec.grid().lengths().latentFrames(length);
    }

    private long rows() {
        return Math.ceilDiv(height, codec.grid().stride());
    }

    private long columns() {
        return Math.ceilDiv(width, codec.grid().stride());
    }

    long cells() {
        return frames() * rows() * columns();
    }

    /** With weights. */
    double multiplications() {
        return (double) cells() * codec.weights().elements();
    }

    /** Multiplications of all attention. */
    double attention() {
        return attention(codec);
    }

    private double attention(CodecCheckpoint codec) {
        return switch (codec) {
            case NormalizedCodec(CodecCheckpoint raw, _) -> attention(raw);
            case VqVaeCheckpoint(_, VideoGptVqVaeConfig c, _) ->
                    2.0 * c.nResLayers() * c.nHiddens() * cells() * (frames() + rows() + columns());
            case CausalVaeCheckpoint(_, CausalVideoVaeConfig c) ->
                    2.0 * c.width(c.levels() - 1) * cells() * rows() * columns();
            case AutoencoderKlCheckpoint(_, AutoencoderKlConfig c) ->
                    2.0 * c.blockOutChannels().getLast() * cells() * rows() * columns();
        };
    }

    /** Bytes that weights, activations and frames should take where they are most. */
    double memory(Precision precision) {
        return GenerationWork.resident(codec.weights(), precision) + working(precision);
    }

    /** Of those the bytes that activations and frames should take. */
    double working(Precision precision) {
        return held(codec) * GenerationWork.bytesOf(precision)
                // as floats, scaled, as bytes
                + 3 * (4 + 4 + 1) * pixels();
    }

    private double held(CodecCheckpoint codec) {
        return switch (codec) {
            case NormalizedCodec(CodecCheckpoint raw, _) -> held(raw);
            // The last level but one, of half the length and the size.
            case VqVaeCheckpoint(_, VideoGptVqVaeConfig c, _) ->
                    ACTIVATIONS_OF_A_LEVEL * c.nHiddens() * pixels() / 8;
            case CausalVaeCheckpoint(_, CausalVideoVaeConfig c) ->
                    ACTIVATIONS_OF_A_LEVEL * c.width(Math.min(1, c.levels() - 1)) * pixels();
            case AutoencoderKlCheckpoint(_, AutoencoderKlConfig c) ->
                    ACTIVATIONS_OF_A_LEVEL
                            * c.blockOutChannels().get(Math.min(1, c.levels() - 1))
                            * pixels()
                            * Math.min(FRAMES_AT_ONCE, length)
                            / length;
        };
    }
}
