package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDManager;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.denoiser.LatteConfig;
import dev.zoetrope.model.denoiser.LatteT2VConfig;
import dev.zoetrope.model.denoiser.VideoDitConfig;
import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.train.ClipCache.Spread;
import dev.zoetrope.train.DenoiserObjective;
import dev.zoetrope.train.DenoiserTraining;
import dev.zoetrope.train.LoraDenoiser;
import dev.zoetrope.train.TrainableDenoiser;
import dev.zoetrope.train.TrainableLatte;
import dev.zoetrope.train.TrainableLatteT2V;
import dev.zoetrope.train.TrainableVideoDit;
import dev.zoetrope.weights.WeightFile;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A run folder as the model folder it is from its beginning: the codec and the text encoder linked
 * or copied, the denoiser with the weights that training begins with.
 */
final class ModelFolder {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";
    private static final String SCHEDULER = "scheduler";
    private static final String SCHEDULER_CONFIG = "scheduler_config.json";
    private static final String HELD_OUT_LOSS = "held_out_loss";

    /** Steps of the sampler and guidance that do for models of this size. */
    private static final int STEPS = 24;

    private static final double GUIDANCE = 3.5;

    private final Path root;

    ModelFolder(Path root) {
        this.root = root;
    }

    /** Whether all parts are in their places. */
    boolean isWhole() {
        return Files.exists(weights());
    }

    /** Where the denoiser's weights are. */
    Path weights() {
        return root.resolve(GenerationModel.DENOISER).resolve(WEIGHTS);
    }

    /** What was there before adapters were learned. */
    Path frozen() {
        return root.resolve("frozen.safetensors");
    }

    /** Where adapters are. */
    Path adapters() {
        return root.resolve("lora").resolve("pytorch_lora_weights.safetensors");
    }

    /** The denoiser that the run's {@code config.json} describes. */
    TrainableDenoiser denoiser() {
        Path config = root.resolve(GenerationModel.DENOISER).resolve(CONFIG);
        return denoiser(config, (ObjectNode) Component.readJson(config));
    }

    private static TrainableDenoiser denoiser(Path config, ObjectNode json) {
        String name = json.path("_class_name").asText("");
        if (name.equals("LatteT2V")) {
            return new TrainableLatteT2V(Component.convert(config, json, LatteT2VConfig.class));
        }
        if (name.startsWith("Latte")) {
            LatteConfig latte = Component.convert(config, json, LatteConfig.class);
            if (!latte.byText()) {
                return new TrainableLatte(latte);
            }
        }
        if (name.equals("VideoDiT")) {
            return new TrainableVideoDit(Component.convert(config, json, VideoDitConfig.class));
        }
        throw new Impossible.DenoiserUntrainable(config, name).asException();
    }

    /**
     * Puts everything in its place.
     *
     * @param codec whose latents are learned
     * @param textEncoder folder of what reads captions; empty for denoisers without texts
     * @param from which the run begins with; empty where it begins with nothing learned
     */
    void prepare(
            DenoiserTrainingRequest request,
            CodecCheckpoint codec,
            Optional<Path> textEncoder,
            Optional<DenoiserCheckpoint> from) {
        Path description =
                request.config() != null
                        ? request.config()
                        : new Component(from.orElseThrow().weights()).configFile();
        ObjectNode config = config(description, request);
        TrainableDenoiser denoiser = denoiser(description, config);
        try {
            copyCodec(codec);
            if (textEncoder.isPresent()) {
                copyTextEncoder(textEncoder.get());
            }
            Path place = Files.createDirectories(root.resolve(GenerationModel.DENOISER));
            write(place.resolve(CONFIG), config);
            Path scheduler = Files.createDirectories(root.resolve(SCHEDULER));
            write(
                    scheduler.resolve(SCHEDULER_CONFIG),
                    JSON.readTree(
                            DenoiserObjective.of(request, denoiser.learnsVariance()).scheduler()));
            write(root.resolve(GenerationModel.CARD), card(request));
            DenoiserTraining.begin(
                    denoiser,
                    request.seed(),
                    from.map(DenoiserCheckpoint::weights).orElse(null),
                    frozen());
            if (request.lora() > 0) {
                Files.createDirectories(adapters().getParent());
                try (NDManager manager = Kernels.newManager()) {
                    DenoiserTraining.begin(
                            LoraDenoiser.of(
                                    denoiser, WeightFile.open(frozen()), request.lora(), manager),
                            request.seed(),
                            null,
                            adapters());
                }
                Path part = weights().resolveSibling(WEIGHTS + ".part");
                Files.copy(frozen(), part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, weights(), StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.move(frozen(), weights());
            }
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(root, e).asException(e);
        }
    }

    private static ObjectNode config(Path description, DenoiserTrainingRequest request) {
        if (!(Component.readJson(description) instanceof ObjectNode config)) {
            throw new Problem.CheckpointDamaged(description, "it describes no model").asException();
        }
        return request.textEncoder() == null
                ? config
                : config.put("model_max_length", request.words());
    }

    /** Says which classes there are, by their captions. */
    void name(List<String> classes) {
        Path file = root.resolve(GenerationModel.CARD);
        ObjectNode card = (ObjectNode) Component.readJson(file);
        ArrayNode labels = card.putArray("labels");
        classes.forEach(labels::add);
        try {
            write(file, card);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    private static ObjectNode card(DenoiserTrainingRequest request) {
        ClipShape shape = request.shapes().getFirst();
        ObjectNode card = JSON.createObjectNode();
        if (request.firstFrame() > 0) {
            card.put("first_frame", true);
        }
        return card.put("width", shape.width())
                .put("height", shape.height())
                .put("frames", shape.frames())
                .put("fps", request.fps())
                .put("steps", STEPS)
                .put("guidance", request.textEncoder() == null ? 1 : GUIDANCE);
    }

    private void copyCodec(CodecCheckpoint codec) throws IOException {
        Path place = Files.createDirectories(root.resolve(GenerationModel.CODEC));
        for (Path file : new Component(codec.weights()).files()) {
            link(file, place);
        }
    }

    /** The encoder and its tokenizer, from one folder or from two of a model's. */
    private void copyTextEncoder(Path folder) throws IOException {
        Path inside = folder.resolve(GenerationModel.TEXT_ENCODER);
        Path tokenizer = folder.resolve(GenerationModel.TOKENIZER);
        linkAll(
                Files.isDirectory(inside) ? inside : folder,
                root.resolve(GenerationModel.TEXT_ENCODER));
        if (Files.isDirectory(tokenizer)) {
            linkAll(tokenizer, root.resolve(GenerationModel.TOKENIZER));
        }
    }

    private static void linkAll(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files;
        try (Stream<Path> all = Files.list(from)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            link(file, to);
        }
    }

    /** Weights are linked where the file system can; all other files may be written to later. */
    private static void link(Path file, Path folder) throws IOException {
        String name = file.getFileName().toString();
        Path part = folder.resolve(name + ".part");
        Files.deleteIfExists(part);
        if (name.endsWith(".json") || !linked(file, part)) {
            Files.copy(file, part);
        }
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        // Moving a link over another to the same file does nothing.
        Files.deleteIfExists(part);
    }

    private static boolean linked(Path file, Path place) throws IOException {
        try {
            Files.createLink(place, file.toRealPath());
            return true;
        } catch (FileSystemException | UnsupportedOperationException _) {
            // Another disk, or a file system without links.
            return false;
        }
    }

    /**
     * Keeps the denoiser as it is in {@code best}, unless the one there does better. It is a model
     * folder beside the parts it shares with this one.
     *
     * @param heldOutLoss of clips that nothing is learned from
     */
    void keepIfBest(long step, double heldOutLoss) {
        Path best = root.resolve("best");
        Path card = best.resolve(GenerationModel.CARD);
        if (Files.exists(card)
                && Component.readJson(card).path(HELD_OUT_LOSS).asDouble() <= heldOutLoss) {
            return;
        }
        try {
            link(
                    root.resolve(SCHEDULER).resolve(SCHEDULER_CONFIG),
                    Files.createDirectories(best.resolve(SCHEDULER)));
            link(root.resolve(GenerationModel.DENOISER).resolve(CONFIG), best);
            link(weights(), best);
            ObjectNode own = (ObjectNode) Component.readJson(root.resolve(GenerationModel.CARD));
            write(card, own.put("step", step).put(HELD_OUT_LOSS, heldOutLoss));
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(best, e).asException(e);
        }
    }

    /** The codec, whose latents are as the denoiser takes them once they have been normalised. */
    CodecCheckpoint codec() {
        return CodecCheckpoint.open(root.resolve(GenerationModel.CODEC));
    }

    /** Has the codec's latents normalised from now on. */
    void normalise(Spread spread) {
        Path file = root.resolve(GenerationModel.CODEC).resolve(CONFIG);
        ObjectNode config =
                Files.exists(file)
                        ? (ObjectNode) Component.readJson(file)
                        : JSON.createObjectNode();
        ArrayNode mean = config.putArray(NormalizedCodec.MEAN);
        spread.mean().forEach(mean::add);
        ArrayNode deviation = config.putArray(NormalizedCodec.DEVIATION);
        spread.deviation().forEach(deviation::add);
        try {
            write(file, config);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    private static void write(Path file, JsonNode json) throws IOException {
        WholeFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }
}
