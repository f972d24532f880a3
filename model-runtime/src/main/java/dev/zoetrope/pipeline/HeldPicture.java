package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import com.google.common.hash.Hashing;

import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.train.Covering;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A picture that a clip is to begin with. Of a clip to come there is no second frame, so to a codec
 * that makes one latent frame of several it is held still for as many.
 *
 * @param rgb 8-bit RGB in (H, W, 3) order
 */
record HeldPicture(int width, int height, ByteBuffer rgb) {
    /**
     * The first frame of a file as a clip of this size shows it.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when there is none
     */
    static HeldPicture read(Path file, int width, int height) {
        Covering covering = new Covering(width, height);
        try (FrameReader reader = FrameReader.open(file)) {
            covering.scale(reader);
            Frame frame = reader.read();
            if (frame == null) {
                throw new Problem.MediaUnreadable(file, "no frame of it can be decoded")
                        .asException();
            }
            ByteBuffer rgb = ByteBuffer.allocateDirect(3 * width * height);
            covering.crop(frame, rgb);
            return new HeldPicture(width, height, rgb.flip());
        }
    }

    /** Of what it shows, wherever it lies. */
    String fingerprint() {
        return Hashing.sha256().hashBytes(rgb.duplicate()).toString();
    }

    /** Its latents (1, D, 1, H', W'). */
    NDArray encode(Codec codec, NDManager manager) {
        return encode(codec, manager, List.of(rgb), height, width);
    }

    /** Latents (B, D, 1, H', W') of pictures (H, W, 3). */
    static NDArray encode(
            Codec codec, NDManager manager, List<ByteBuffer> pictures, int height, int width) {
        int frames = codec.grid().lengths().frames(1);
        Shape shape = new Shape(pictures.size(), frames, height, width, 3);
        ByteBuffer held = ByteBuffer.allocateDirect(Math.toIntExact(shape.size()));
        for (ByteBuffer picture : pictures) {
            for (int i = 0; i < frames; i++) {
                held.put(picture.duplicate());
            }
        }
        return codec.encode(codec.pixels(manager.create(held.flip(), shape, DataType.UINT8)));
    }
}
