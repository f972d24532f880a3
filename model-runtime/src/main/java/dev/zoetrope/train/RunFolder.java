package dev.zoetrope.train;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.LossPoint;
import dev.zoetrope.runtime.training.TrainingRequest;
import dev.zoetrope.weights.SafetensorsWriter;
import dev.zoetrope.weights.WeightFile;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.imageio.ImageIO;

/**
 * What a training run leaves on disk:
 *
 * <pre>
 * request.json            what was asked for
 * metrics.jsonl           one line every few steps
 * samples/step-000500.png what the model makes, for codecs below the originals
 * state.safetensors       everything needed to go on
 * vae/, transformer/ ...   the model, ready for use
 * best/                   the denoiser that did best on what is held out, beside the same parts
 * </pre>
 */
public final class RunFolder {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Path root;

    private RunFolder(Path root) {
        this.root = root;
    }

    /** Opens the folder, or makes it. */
    public static RunFolder open(Path run) {
        RunFolder folder = new RunFolder(run);
        try {
            Files.createDirectories(folder.root.resolve("samples"));
            Files.createDirectories(folder.model());
        } catch (IOException e) {
            throw folder.inaccessible(e);
        }
        return folder;
    }

    /** Whether there is a state in a folder that a run can go on from. */
    public static boolean hasState(Path run) {
        return Files.exists(new RunFolder(run).state());
    }

    /** Whether it is kept in a folder what a run was asked for. */
    public static boolean hasRequest(Path run) {
        return Files.exists(new RunFolder(run).request());
    }

    /**
     * What was asked for, where a run can go on: a codec's from its state, a denoiser's from what
     * is in its cache already.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when the request is not a whole one
     */
    public static Optional<TrainingRequest> training(Path run) {
        Path file = new RunFolder(run).request();
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        if (request(run, JsonNode.class).has("codec")) {
            return Optional.of(request(run, DenoiserTrainingRequest.class));
        }
        return hasState(run)
                ? Optional.of(request(run, CodecTrainingRequest.class))
                : Optional.empty();
    }

    /**
     * What was asked for when a run began or was last resumed.
     *
     * @param run the run folder, which may have been moved since
     * @param type of the request
     * @throws dev.zoetrope.runtime.problem.ProblemException when the folder has no such file, or
     *     not a whole one
     */
    public static <T> T request(Path run, Class<T> type) {
        Path file = new RunFolder(run).request();
        if (!Files.exists(file)) {
            throw new Problem.FileMissing(file).asException();
        }
        try {
            if (!(JSON.readTree(file.toFile()) instanceof ObjectNode request)) {
                throw noRequest(file).asException();
            }
            return JSON.treeToValue(request.set("run", JSON.valueToTree(run)), type);
        } catch (JacksonException e) {
            throw noRequest(file).asException(e);
        } catch (IOException e) {
            throw new Problem.FileInaccessible(file, String.valueOf(e.getMessage())).asException(e);
        }
    }

    private static Problem noRequest(Path file) {
        return new Problem.CheckpointDamaged(file, "it is not the request of a training run");
    }

    /** Keeps what was asked for. */
    public void save(Object request) {
        try {
            WholeFile.write(
                    request(), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(request));
        } catch (IOException e) {
            throw inaccessible(e);
        }
    }

    /**
     * Goes on from the saved state, where there is one.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException for the state of another model
     */
    boolean resume(TrainingState state) {
        if (!Files.exists(state())) {
            return false;
        }
        state.read(state());
        keepMetricsUntil(state.step());
        return true;
    }

    /**
     * What was told of the loss until the state was saved.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when metrics or state cannot be read
     */
    public static List<LossPoint> losses(Path run) {
        RunFolder folder = new RunFolder(run);
        if (!Files.exists(folder.state())) {
            return List.of();
        }
        return folder.metricsUntil(TrainingState.step(WeightFile.open(folder.state()))).stream()
                .filter(line -> line.has("loss"))
                .map(line ->
                        new LossPoint(line.path("step").asLong(), line.path("loss").asDouble()))
                .toList();
    }

    /** Forgets the steps after the saved one: a run that was killed does them again. */
    private void keepMetricsUntil(long step) {
        if (!Files.exists(metrics())) {
            return;
        }
        StringBuilder kept = new StringBuilder();
        metricsUntil(step).forEach(line -> kept.append(line).append('\n'));
        try {
            WholeFile.write(metrics(), kept.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw inaccessible(e);
        }
    }

    private List<JsonNode> metricsUntil(long step) {
        List<JsonNode> lines = new ArrayList<>();
        if (!Files.exists(metrics())) {
            return lines;
        }
        try {
            for (String text : Files.readAllLines(metrics())) {
                // A line cut short by a crash is among the last, so none that counts follows it.
                if (!text.endsWith("}")) {
                    break;
                }
                JsonNode line = JSON.readTree(text);
                if (line.path("step").asLong() > step) {
                    break;
                }
                lines.add(line);
            }
            return lines;
        } catch (IOException e) {
            throw inaccessible(e);
        }
    }

    Path state() {
        return root.resolve("state.safetensors");
    }

    private Path request() {
        return root.resolve("request.json");
    }

    private Path metrics() {
        return root.resolve("metrics.jsonl");
    }

    private Path model() {
        return root.resolve("vae");
    }

    void append(Object stepped) {
        try {
            Files.writeString(
                    metrics(),
                    JSON.writeValueAsString(stepped) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw inaccessible(e);
        }
    }

    void saveModel(VideoGptVqVaeConfig config, List<SafetensorsWriter.Tensor> tensors) {
        try {
            WholeFile.write(
                    model().resolve("config.json"),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config));
        } catch (IOException e) {
            throw inaccessible(e);
        }
        SafetensorsWriter.write(
                model().resolve("diffusion_pytorch_model.safetensors"),
                tensors,
                Map.of("format", "pt"));
    }

    /** Originals above their reconstructions. */
    Path saveSheet(long step, ClipShape shape, List<byte[]> originals, List<byte[]> results) {
        List<byte[]> clips = new ArrayList<>();
        for (int i = 0; i < originals.size(); i++) {
            clips.add(originals.get(i));
            clips.add(results.get(i));
        }
        return saveSheet(step, shape, clips);
    }

    /**
     * Four frames of each clip beside each other.
     *
     * @param clips at least one, each 8-bit RGB in (T, H, W, 3) order
     */
    public Path saveSheet(long step, ClipShape shape, List<byte[]> clips) {
        int columns = 4;
        int w = shape.width();
        int h = shape.height();
        BufferedImage sheet =
                new BufferedImage(columns * w, clips.size() * h, BufferedImage.TYPE_INT_RGB);
        for (int clip = 0; clip < clips.size(); clip++) {
            for (int column = 0; column < columns; column++) {
                int frame = column * (shape.frames() - 1) / (columns - 1);
                draw(sheet, clips.get(clip), frame, column * w, clip * h, w, h);
            }
        }
        Path file = samples(step, ".png");
        try {
            ImageIO.write(sheet, "png", file.toFile());
        } catch (IOException e) {
            throw inaccessible(e);
        }
        return file;
    }

    /** Where a sample of a step is. */
    public Path samples(long step, String ending) {
        return root.resolve("samples").resolve("step-%06d%s".formatted(step, ending));
    }

    private static void draw(
            BufferedImage sheet, byte[] rgb, int frame, int left, int top, int w, int h) {
        int at = frame * h * w * 3;
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++, at += 3) {
                int pixel =
                        ((rgb[at] & 255) << 16) | ((rgb[at + 1] & 255) << 8) | (rgb[at + 2] & 255);
                sheet.setRGB(left + x, top + y, pixel);
            }
        }
    }

    private RuntimeException inaccessible(IOException e) {
        return new Problem.FileInaccessible(root, String.valueOf(e.getMessage())).asException(e);
    }
}
