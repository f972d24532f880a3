package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.LatteT2VConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.train.TrainableDenoiser.Told;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class CheckpointedTest {
    private static final String CONFIG =
            """
            {"num_attention_heads": 3, "attention_head_dim": 16, "in_channels": 4,
             "out_channels": 4, "num_layers": 2, "cross_attention_dim": 48, "attention_bias": true,
             "patch_size": 2, "activation_fn": "gelu-approximate", "norm_type": "ada_norm_single",
             "norm_elementwise_affine": false, "norm_eps": 1e-6, "caption_channels": 20,
             "video_length": 3, "sample_size": [8, 8]}
            """;

    private final NDManager manager = Kernels.newManager();
    private final Draws draws = new Draws(new SplittableRandom(1));
    private final Kernels k = Kernels.autograd();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void aDenoiserThatIsComputedInStagesHasTheSameGradients() throws Exception {
        assertSameGradients(denoiser());
    }

    @Test
    void adaptersBesideOneHaveTheSameGradients() throws Exception {
        TrainableDenoiser whole = denoiser();
        assertSameGradients(new LoraDenoiser(whole, drawn(whole), 3));
    }

    private static TrainableDenoiser denoiser() throws JsonProcessingException {
        return new TrainableLatteT2V(new ObjectMapper().readValue(CONFIG, LatteT2VConfig.class));
    }

    private void assertSameGradients(TrainableDenoiser denoiser) {
        Parameters prepared = denoiser.prepare(drawn(denoiser), k, Precision.FP32, manager);
        Map<String, NDArray> learned = new LinkedHashMap<>();
        denoiser.parameters().keySet().stream()
                .filter(denoiser::learns)
                .forEach(key -> learned.put(key, prepared.get(key)));
        learned.values().forEach(array -> array.setRequiresGradient(true));

        List<NDArray> expected =
                k.gradients(
                        loss(denoiser.model(prepared, k, Precision.FP32)),
                        List.copyOf(learned.values()));
        Checkpointed staged =
                new Checkpointed(denoiser.staged(prepared, k, Precision.FP32).orElseThrow());
        List<NDArray> found = staged.gradients(loss(staged), learned);

        List<String> keys = List.copyOf(learned.keySet());
        for (int i = 0; i < keys.size(); i++) {
            float[] numbers = expected.get(i).toFloatArray();
            double largest = 0;
            for (float number : numbers) {
                largest = Math.max(largest, Math.abs(number));
            }
            assertTrue(largest > 0, keys.get(i));
            assertArrayEquals(
                    numbers, found.get(i).toFloatArray(), (float) (1e-4 * largest), keys.get(i));
        }
    }

    private NDArray loss(TrainableDenoiser.Model model) {
        SplittableRandom same = new SplittableRandom(2);
        NDArray x = array(new Draws(same), new Shape(2, 4, 3, 8, 8), 1);
        NDArray states = array(new Draws(same), new Shape(2, 5, 20), 1);
        NDArray y =
                model.predict(
                        x,
                        manager.create(new float[] {300, 800}),
                        new Told.Texts(states, manager.create(mask(), new Shape(2, 5))),
                        null);
        return k.weightedMean(y, array(new Draws(same), y.getShape(), 1));
    }

    private static float[] mask() {
        float[] mask = new float[10];
        Arrays.fill(mask, 0, 7, 1);
        return mask;
    }

    private Parameters drawn(TrainableDenoiser denoiser) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        denoiser.parameters().forEach((key, shape) -> arrays.put(key, array(draws, shape, 0.2)));
        return new Parameters(arrays);
    }

    private NDArray array(Draws drawn, Shape shape, double deviation) {
        return manager.create(drawn.normal(shape, deviation), shape);
    }
}
