package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.zoetrope.kernel.Generator;
import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What latents look like, without decoding them: the colour of each cell is a linear map of its
 * channels, fitted by least squares to what the codec itself decodes. The map is the publisher's,
 * from {@code zoetrope.json}, or is fitted once and kept beside the codec.
 */
final class LatentRgb {
    static final String FILE = "latent_rgb.json";

    private static final Logger LOG = LoggerFactory.getLogger(LatentRgb.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Soft clips first, then finer ones; more than there are channels of cells in all. */
    private static final int[] DETAILS = {2, 3, 4, 6, 8, 8};

    private static final int CELLS = 16;
    private static final int LATENT_FRAMES = 3;

    private final Kernels k = Kernels.inference();
    private final NDArray map;

    /**
     * @param map (C + 1, 3)
     */
    LatentRgb(NDArray map) {
        this.map = map;
    }

    /**
     * The colours of a model's latents.
     *
     * @param manager owns the map
     * @param k to fit with, where there is no map yet
     * @throws ProblemException when the publisher's map is none for these latents
     */
    static LatentRgb of(GenerationModel model, NDManager manager, Kernels k) {
        CodecCheckpoint codec = model.codec();
        int rows = codec.latentChannels() + 1;
        List<List<Float>> published = model.card().latentRgb();
        if (!published.isEmpty()) {
            if (!isMap(published, rows)) {
                throw new Problem.CheckpointUnknown(
                                model.folder().resolve(GenerationModel.CARD),
                                "latent_rgb takes %d rows of 3 numbers".formatted(rows))
                        .asException();
            }
            return new LatentRgb(array(published, manager));
        }
        Path file = codec.weights().file().resolveSibling(FILE);
        List<List<Float>> kept = read(file);
        if (!isMap(kept, rows)) {
            kept = fit(codec, manager, k);
            keep(file, kept);
        }
        return new LatentRgb(array(kept, manager));
    }

    private static boolean isMap(List<List<Float>> map, int rows) {
        return map.size() == rows
                && map.stream().allMatch(row -> row.size() == 3 && !row.contains(null));
    }

    private static NDArray array(List<List<Float>> map, NDManager manager) {
        float[] numbers = new float[3 * map.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = map.get(i / 3).get(i % 3);
        }
        return manager.create(numbers, new Shape(map.size(), 3));
    }

    /**
     * Latents as small pictures, a pixel for a cell.
     *
     * @param latents (1, C, T, H, W)
     * @param fps latent frames per second
     */
    List<Frame> frames(NDArray latents, double fps) {
        try (NDArray bytes = k.latentsAsRgb(latents, map)) {
            return FrameTensors.unstack(bytes, fps);
        }
    }

    /** One row of three colours for each channel and one for the constant. */
    private static List<List<Float>> fit(CodecCheckpoint checkpoint, NDManager manager, Kernels k) {
        CodecGrid grid = checkpoint.grid();
        int frames = grid.lengths().frames(LATENT_FRAMES);
        int side = CELLS * grid.stride();
        try (NDManager scratch = manager.newSubManager();
                Generator generator = k.generator(0)) {
            Codec codec = checkpoint.load(scratch, k, Precision.FP32);
            List<NDArray> latents = new ArrayList<>();
            List<NDArray> pixels = new ArrayList<>();
            for (int detail : DETAILS) {
                NDArray noise = k.normal(scratch, generator, 1, 3, 2, detail, detail);
                NDArray clip = k.softColours(noise, frames, side, side); // (T, H, W, 3)
                NDArray z = codec.encode(codec.pixels(clip)); // (1, C, T', H', W')
                latents.add(z);
                pixels.add(k.pixelsFromBytes(codec.bytes(codec.decode(z)), 1 / 255.0, 0));
            }
            NDArray map = k.fitRgb(k.concat(latents, 0), k.concat(pixels, 0));
            return rows(map.toFloatArray());
        }
    }

    private static List<List<Float>> rows(float[] map) {
        List<List<Float>> rows = new ArrayList<>();
        for (int i = 0; i < map.length; i += 3) {
            rows.add(List.of(map[i], map[i + 1], map[i + 2]));
        }
        return rows;
    }

    /** Nothing where there is no such file, or none that is whole: it can be made anew. */
    private static List<List<Float>> read(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return JSON.readValue(Files.readAllBytes(file), new TypeReference<>() {});
        } catch (IOException e) {
            LOG.debug("{} cannot be read", file, e);
            return List.of();
        }
    }

    /** Where the folder cannot be written to, the map is fitted again the next time. */
    private static void keep(Path file, List<List<Float>> rows) {
        try {
            WholeFile.write(file, JSON.writeValueAsBytes(rows));
        } catch (IOException e) {
            LOG.info("{} cannot be kept", file, e);
        }
    }
}
