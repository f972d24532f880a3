package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class WeightFileTest {
    private static final Path CASE = Path.of("src/test/resources/goldens/01a_videogpt_vqvae_444");

    @TempDir Path folder;

    @Test
    void theContentTellsTheFormatWhateverTheName() throws IOException {
        List<byte[]> forms =
                List.of(
                        Weights.safetensors(),
                        Weights.torchZip(),
                        Weights.lightning(),
                        Weights.legacy(),
                        Weights.onnx());
        for (String name : new String[] {"w.safetensors", "w.pth", "w.txt", "w"}) {
            for (byte[] form : forms) {
                WeightFile file = WeightFile.open(Files.write(folder.resolve(name), form));
                assertEquals(
                        List.of("a.weight", "a.bias", "steps"),
                        List.copyOf(file.tensors().keySet()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weights.safetensors",
                "weights.pth",
                "weights_half.pth",
                "weights_legacy.pth",
                "vqvae_lightning.ckpt"
            })
    void aFileCutShortAnywhereIsRefused(String name) throws IOException {
        byte[] whole = Files.readAllBytes(CASE.resolve(name));
        for (int tenth = 1; tenth < 10; tenth++) {
            Weights.problem(
                    Problem.CheckpointDamaged.class,
                    folder,
                    Arrays.copyOf(whole, whole.length * tenth / 10));
        }
        Weights.problem(
                Problem.CheckpointDamaged.class, folder, Arrays.copyOf(whole, whole.length - 1));
    }

    @ParameterizedTest
    @CsvSource({
        "ema_state_dict, , state_dict",
        "state_dict, gen_model, model",
        "state_dict, , model",
        "model, , ema",
        "ema, , other"
    })
    void ofSeveralStateDictionariesTheOneThatSamplesBestIsTaken(
            String better, String inside, String worse) throws IOException {
        PickleWriter pickle = new PickleWriter(2).op('}').op('(');
        pickle.text(worse).newOrderedDict().op('(');
        pickle.text("worse").tensor(Weights.WEIGHT, 0, List.of(2L), List.of(1L), false).op('u');
        pickle.text(better);
        if (inside != null) {
            pickle.op('}').text(inside);
        }
        Weights.tensors(pickle.newOrderedDict(), false);
        if (inside != null) {
            pickle.op('s');
        }
        byte[] content = Weights.torchZip(pickle.op('u').stop());

        WeightFile file = WeightFile.open(Files.write(folder.resolve("w"), content));

        assertEquals(List.of("a.weight", "a.bias", "steps"), List.copyOf(file.tensors().keySet()));
    }

    @Test
    void theNameOfAWrapperAroundTheModelIsDropped() throws IOException {
        PickleWriter pickle = new PickleWriter(2).newOrderedDict().op('(');
        for (String name : List.of("module.a.weight", "module.b.module.weight")) {
            pickle.text(name).tensor(Weights.WEIGHT, 0, List.of(2L), List.of(1L), false);
        }
        byte[] content = Weights.torchZip(pickle.op('u').stop());

        WeightFile file = WeightFile.open(Files.write(folder.resolve("w"), content));

        assertEquals(List.of("a.weight", "b.module.weight"), List.copyOf(file.tensors().keySet()));
        assertEquals(
                List.of("a.weight"),
                List.copyOf(file.without(name -> name.startsWith("b.")).tensors().keySet()));
    }

    @Test
    void aFileThatIsNotThereIsMissing() {
        Weights.problem(Problem.FileMissing.class, folder.resolve("nothing"));
    }

    @Test
    void aFolderIsNoWeightFile() {
        Problem problem = Weights.problem(Problem.FileInaccessible.class, folder);
        assertTrue(problem.cause().contains("it is a folder"), problem.cause());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "GGUF\3\0\0\0\0\0\0\0",
                "cos\nsystem\n(S'x'\ntR.",
                "{\"a\": 1}"
            })
    void anythingElseIsUnknown(String content) throws IOException {
        Weights.problem(
                Problem.CheckpointUnknown.class, folder, content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsHandedOutCannotBeChanged() throws IOException {
        byte[] content = Weights.lightning();
        WeightFile file = WeightFile.open(Files.write(folder.resolve("w"), content));
        assertThrows(UnsupportedOperationException.class, () -> file.tensors().clear());
        Map<?, ?> root = assertInstanceOf(Map.class, file.root());
        assertThrows(UnsupportedOperationException.class, root::clear);
        Map<?, ?> callbacks = assertInstanceOf(Map.class, root.get("callbacks"));
        assertThrows(UnsupportedOperationException.class, callbacks::clear);
    }

    @Test
    void weightsOfOtherPartsCanBeLeftOut() throws IOException {
        WeightFile file = WeightFile.open(Files.write(folder.resolve("w"), Weights.lightning()));
        WeightFile rest = file.without(name -> name.startsWith("a."));
        assertEquals(List.of("steps"), List.copyOf(rest.tensors().keySet()));
        assertEquals(file.root(), rest.root());
    }

    @Test
    void anEmptyArchiveIsUnknown() throws IOException {
        byte[] content = Arrays.copyOf("PK\5\6".getBytes(StandardCharsets.US_ASCII), 22);
        Weights.problem(Problem.CheckpointUnknown.class, folder, content);
    }
}
