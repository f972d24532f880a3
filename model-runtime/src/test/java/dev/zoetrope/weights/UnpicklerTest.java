package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
import java.util.Set;
import java.util.function.UnaryOperator;

/** Pickles, each inside a torch archive unless it says otherwise. */
class UnpicklerTest {
    @TempDir Path folder;

    // What hostile pickles ask for

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void aCallOfTheSystemIsNamedAndNotMade(int protocol) throws IOException {
        Path witness = folder.resolve("witness");
        byte[] pickle =
                new PickleWriter(protocol).call("posix", "system", "touch " + witness).stop();
        assertUnsafe(pickle, "posix.system");
        assertUnsafe(
                Weights.problem(Problem.CheckpointUnsafe.class, folder, pickle), "posix.system");
        assertFalse(Files.exists(witness));
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "nt, system",
        "subprocess, Popen",
        "builtins, eval",
        "builtins, exec",
        "builtins, getattr",
        "builtins, __import__",
        "__builtin__, apply",
        "runpy, run_path",
        "socket, create_connection",
        "shutil, rmtree",
        "importlib, import_module",
        "torch.hub, load",
        "torch.storage, _load_from_bytes",
        "torch.serialization, os.system",
    })
    void aHarmfulNameIsRefusedWhereverItStands(String module, String name) throws IOException {
        String qualified = module + "." + name;
        assertUnsafe(inExtraEntry(2, p -> p.global(module, name)), qualified);
        assertUnsafe(inExtraEntry(4, p -> p.global(module, name)), qualified);
        assertUnsafe(
                inExtraEntry(2, p -> p.op('(').text("x").op('i').raw(line(module)).raw(line(name))),
                qualified);
        assertUnsafe(
                inExtraEntry(2, p -> p.op('(').global(module, name).text("x").op('o')), qualified);
        assertUnsafe(inExtraEntry(2, p -> p.global(module, name).op(')').op(0x81)), qualified);
    }

    @Test
    void aReductionHiddenInAnObjectsStateIsRefused() throws IOException {
        byte[] pickle =
                inExtraEntry(
                        2,
                        p ->
                                p.global("argparse", "Namespace")
                                        .op(')')
                                        .op(0x81)
                                        .op('}')
                                        .text("x")
                                        .call("os", "system", "true")
                                        .op('s')
                                        .op('b'));
        assertUnsafe(pickle, "os.system");
    }

    @Test
    void aRegisteredExtensionIsRefused() throws IOException {
        assertUnsafe(inExtraEntry(2, p -> p.op(0x82).op(7)), "registered outside");
    }

    @Test
    void aWeightThatOnlyACallCouldMakeIsRefused() throws IOException {
        byte[] pickle =
                new PickleWriter(2)
                        .op('}')
                        .text("a.weight")
                        .call("torch._utils", "_rebuild_sparse_tensor", "x")
                        .op('s')
                        .stop();
        assertUnsafe(pickle, "torch._utils._rebuild_sparse_tensor for a.weight");
    }

    @Test
    void aWholeModelObjectIsRefused() throws IOException {
        byte[] pickle =
                new PickleWriter(2)
                        .global("models", "VideoVae")
                        .op(')')
                        .op(0x81)
                        .op('}')
                        .op('b')
                        .stop();
        assertUnsafe(pickle, "models.VideoVae");
    }

    @Test
    void anUnknownCallBesideTheWeightsIsInert() throws IOException {
        WeightFile file =
                open(
                        inExtraEntry(
                                2,
                                p ->
                                        p.call("pathlib", "PosixPath", "/tmp")
                                                .op('}')
                                                .text("mode")
                                                .number(1)
                                                .op('s')
                                                .op('b')));
        assertEquals(new Opaque("pathlib.PosixPath"), extra(file));
        assertEquals(3, file.tensors().size());
    }

    // Plain values

    @Test
    void plainValuesOfEveryKindComeOutAsTheyAre() throws IOException {
        byte[] pickle =
                inExtraEntry(
                        4,
                        p ->
                                p.op('(')
                                        .op('N')
                                        .op(0x88)
                                        .number(-5)
                                        .number(1L << 40)
                                        .op('G')
                                        .raw(new byte[] {0x3f, (byte) 0xe0, 0, 0, 0, 0, 0, 0})
                                        .text("ü")
                                        .op('C')
                                        .op(2)
                                        .raw(new byte[2])
                                        .op(']')
                                        .number(1)
                                        .op('a')
                                        .op(0x8f)
                                        .op('(')
                                        .number(7)
                                        .op(0x90)
                                        .op('t'));
        List<?> values = assertInstanceOf(List.class, extra(open(pickle)));
        assertEquals(
                Arrays.asList(
                        null,
                        true,
                        -5L,
                        1L << 40,
                        0.5,
                        "ü",
                        new Opaque("builtins.bytes"),
                        List.of(1L),
                        Set.of(7L)),
                values);
    }

    @Test
    void sharedValuesStayShared() throws IOException {
        WeightFile file = open(inExtraEntry(4, p -> p.op(']').op(0x94).op('h').op(0).op(0x86)));
        List<?> pair = assertInstanceOf(List.class, extra(file));
        assertSame(pair.get(0), pair.get(1));
    }

    @Test
    void parametersAndSlicedAndTransposedTensorsAreViews() throws IOException {
        PickleWriter pickle = new PickleWriter(2).op('}').op('(').text("a.weight");
        pickle.global("torch._utils", "_rebuild_parameter").op('(');
        pickle.tensor(Weights.WEIGHT, 1, List.of(2L, 2L), List.of(1L, 3L), false);
        pickle.op(0x88).newOrderedDict().op('t').op('R').op('u');
        WeightFile file = open(pickle.stop());
        TensorSlice slice = Weights.tensor(file, "a.weight");
        assertEquals(List.of(1L, 3L), slice.strides());
        assertEquals(0, (slice.offset() - 4) % 64, "one element into an aligned storage");
        assertFalse(slice.isContiguous());
    }

    @Test
    void aTensorOfUntypedStorageHasItsOwnType() throws IOException {
        PickleWriter pickle = new PickleWriter(2).op('}').text("a");
        pickle.global("torch._utils", "_rebuild_tensor_v3").op('(').op('(').text("storage");
        pickle.global("torch.storage", "UntypedStorage").text("0").text("cpu").number(24);
        pickle.op('t').op('Q').number(2).numbers(List.of(10L)).numbers(List.of(1L)).op(0x89);
        pickle.newOrderedDict().global("torch", "uint16").op('t').op('R').op('s');
        TensorSlice slice = Weights.tensor(open(pickle.stop()), "a");
        assertEquals(DType.U16, slice.dtype());
        assertEquals(20, slice.byteSpan());
    }

    // Damage

    @ParameterizedTest
    @CsvSource({
        "4, 4, 'beyond its storage'", // 4 × 4 elements of 6
        "-1, 1, 'a way torch does not'",
        "4611686018427387904, 4611686018427387904, 'more elements than can be counted'",
    })
    void aTensorBeyondItsStorageIsDamage(long rows, long columns, String reason)
            throws IOException {
        PickleWriter pickle = new PickleWriter(2).op('}').text("a");
        pickle.tensor(Weights.WEIGHT, 0, List.of(rows, columns), List.of(columns, 1L), false);
        assertDamaged(pickle.op('s').stop(), reason);
    }

    @Test
    void aStorageOfAnotherLengthThanItsEntryIsDamage() throws IOException {
        Weights.Storage longer = new Weights.Storage("0", "FloatStorage", 4, 7);
        PickleWriter pickle = new PickleWriter(2).op('}').text("a");
        pickle.tensor(longer, 0, List.of(6L), List.of(1L), false);
        assertDamaged(pickle.op('s').stop(), "has 24 bytes, its tensors need 28");
    }

    @Test
    void aStorageThatIsNotThereIsDamage() throws IOException {
        Weights.Storage other = new Weights.Storage("9", "FloatStorage", 4, 6);
        PickleWriter pickle = new PickleWriter(2).op('}').text("a");
        pickle.tensor(other, 0, List.of(6L), List.of(1L), false);
        assertDamaged(pickle.op('s').stop(), "storage 9 is missing");
    }

    @Test
    void aContainerThatHoldsItselfIsDamage() throws IOException {
        assertDamaged(
                inExtraEntry(2, p -> p.op(']').op('q').op(0).op('h').op(0).op('a')),
                "holds itself");
        assertDamaged(
                inExtraEntry(2, p -> p.op('}').op('q').op(0).text("x").op('h').op(0).op('s')),
                "holds itself");
        assertDamaged(
                inExtraEntry(2, p -> p.op(']').op('q').op(0).op('h').op(0).op(0x85).op('a')),
                "holds itself");
    }

    @Test
    void deepNestingIsDamageRatherThanAnOverflow() throws IOException {
        PickleWriter pickle = new PickleWriter(2).op('}').text("a").op(']');
        for (int i = 0; i < 100_000; i++) {
            pickle.op(0x85);
        }
        assertDamaged(pickle.op('s').stop(), "nested deeper");
    }

    @Test
    @Timeout(60)
    void sharingThatUnfoldsToAnAstronomicalTreeIsReadOnce() throws IOException {
        byte[] pickle =
                inExtraEntry(
                        4,
                        p -> {
                            p.op(']');
                            for (int i = 0; i < 60; i++) {
                                p.op('2').op(0x86);
                            }
                            return p;
                        });
        assertEquals(3, open(pickle).tensors().size());
    }

    @Test
    @Timeout(60)
    void aSmallFileCannotFillTheHeap() throws IOException {
        byte[] copyManyTimes =
                inExtraEntry(
                        2,
                        p -> {
                            p.op('(');
                            for (int i = 0; i < 50_000; i++) {
                                p.op('N');
                            }
                            p.op('t').op('q').op(0).op('0').op(']').op('(');
                            for (int i = 0; i < 50_000; i++) {
                                p.global("builtins", "set").op('h').op(0).op(0x85).op('R');
                            }
                            return p.op('e');
                        });
        assertDamaged(copyManyTimes, "far more memory");
    }

    @Test
    void lengthsBeyondTheFileAreRefusedBeforeAnythingIsAllocated() throws IOException {
        assertDamaged(inExtraEntry(2, p -> p.op('X').u32(-1)), "beyond its end");
        assertDamaged(inExtraEntry(4, p -> p.op(0x8d).u64(Long.MAX_VALUE)), "beyond its end");
        assertDamaged(inExtraEntry(4, p -> p.op(0x8e).u64(1L << 40)), "beyond its end");
        assertDamaged(inExtraEntry(4, p -> p.op(0x8e).u64(-1)), "beyond its end");
        assertDamaged(inExtraEntry(4, p -> p.op(0x95).u64(1L << 40)), "claims more bytes");
        assertDamaged(inExtraEntry(2, p -> p.op(0x8b).u32(-1)), "a number of 4294967295 bytes");
        assertDamaged(inExtraEntry(2, p -> p.op('N').op('r').u32(-1)), "numbers a value");
        assertDamaged(inExtraEntry(2, p -> p.op('j').u32(99)), "does not have");
    }

    @Test
    void aPickleThatMisusesItsStackIsDamage() throws IOException {
        assertDamaged(new PickleWriter(2).op('}').op('R').stop(), "takes more values");
        assertDamaged(new PickleWriter(2).op('(').op('N').op(0x86).stop(), "takes more values");
        assertDamaged(new PickleWriter(2).op('u').stop(), "takes more values");
        assertDamaged(new PickleWriter(2).op('}').op('}').stop(), "before its values are complete");
        assertDamaged(new PickleWriter(2).op('N').op('N').op('a').stop(), "what is not a list");
        assertDamaged(new PickleWriter(2).op(')').op('N').op('a').stop(), "what is not a list");
        assertDamaged(new PickleWriter(2).op('N').op(')').op('R').stop(), "not a function");
        assertDamaged(
                new PickleWriter(2).op('}').op('(').op('N').op('u').stop(), "without a value");
        assertDamaged(
                inExtraEntry(2, p -> p.op('}').op('(').text("k").op('N').text("k").op('N').op('u')),
                "the key k twice");
        assertDamaged(new PickleWriter(2).op('}').op(0xff).stop(), "no instruction");
    }

    @Test
    void aPickleFollowedByMoreIsDamage() throws IOException {
        byte[] pickle = Weights.stateDictPickle(false);
        assertDamaged(Arrays.copyOf(pickle, pickle.length + 1), "goes on after its end");
    }

    @Test
    void weightsWithoutNamesAreUnknown() throws IOException {
        Weights.problem(
                Problem.CheckpointUnknown.class,
                folder,
                Weights.torchZip(new PickleWriter(2).op(']').stop()));
        Weights.problem(
                Problem.CheckpointUnknown.class,
                folder,
                Weights.torchZip(new PickleWriter(2).op('}').stop()));
    }

    @Test
    void anythingElseAmongTheWeightsIsRefusedRatherThanLeftOut() throws IOException {
        PickleWriter number = new PickleWriter(2).op('}').text("steps").number(3).op('s');
        PickleWriter tupleKey = new PickleWriter(2).op('}').op(')');
        tupleKey.tensor(Weights.WEIGHT, 0, List.of(), List.of(), false).op('s');
        for (PickleWriter pickle : List.of(number, tupleKey)) {
            Weights.problem(
                    Problem.CheckpointUnknown.class, folder, Weights.torchZip(pickle.stop()));
        }
    }

    @Test
    void aModulesExtraStateIsNoWeight() throws IOException {
        PickleWriter pickle = new PickleWriter(2).newOrderedDict();
        Weights.tensors(pickle, false).text("norm._extra_state").op('N').op('s');
        assertEquals(3, open(pickle.stop()).tensors().size());
    }

    @Test
    void keysOfEveryKindKeepTheirEntries() throws IOException {
        byte[] pickle =
                inExtraEntry(
                        2,
                        p ->
                                p.op('}')
                                        .op('(')
                                        .numbers(List.of(1L, 2L))
                                        .text("tuple")
                                        .op('N')
                                        .text("none")
                                        .number(3)
                                        .text("number")
                                        .global("builtins", "int")
                                        .text("class")
                                        .op('u'));
        Map<?, ?> values = assertInstanceOf(Map.class, extra(open(pickle)));
        assertEquals(List.of("tuple", "none", "number", "class"), List.copyOf(values.values()));
        assertEquals("number", values.get(3L));
        assertEquals("class", values.get(new Opaque("builtins.int")));
    }

    // Which of several state dicts is meant

    @ParameterizedTest
    @CsvSource({"state_dict, model", "model, ema", "ema, opt"})
    void theStateDictIsPreferredToTheOnesAfterIt(String preferred, String other)
            throws IOException {
        PickleWriter pickle = new PickleWriter(2).op('}').op('(');
        pickle.text(other).op('}').text("no").tensor(Weights.BIAS, 0, List.of(), List.of(), false);
        pickle.op('s').text(preferred).op('}');
        Weights.tensors(pickle, false).op('u');
        assertEquals(3, open(pickle.stop()).tensors().size());
    }

    @Test
    void ofAnAdversarialTrainingTheGeneratorIsMeant() throws IOException {
        PickleWriter pickle = new PickleWriter(2).op('}').text("state_dict").op('}').op('(');
        pickle.text("dics_model").op('}').text("gen_model").op('}');
        Weights.tensors(pickle, false).op('u').op('s');
        assertEquals(3, open(pickle.stop()).tensors().size());
    }

    /** A checkpoint with the three weights and, beside them, whatever is pushed. */
    private static byte[] inExtraEntry(int protocol, UnaryOperator<PickleWriter> value) {
        PickleWriter pickle = new PickleWriter(protocol).op('}').op('(').text("extra");
        value.apply(pickle).text("state_dict").op('}');
        return Weights.tensors(pickle, false).op('u').stop();
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private WeightFile open(byte[] pickle) throws IOException {
        return WeightFile.open(Files.write(folder.resolve("w"), Weights.torchZip(pickle)));
    }

    private static Object extra(WeightFile file) {
        Object value = assertInstanceOf(Map.class, file.root()).get("extra");
        if (value == null) {
            throw new AssertionError("no extra entry");
        }
        return value;
    }

    private void assertUnsafe(byte[] pickle, String request) throws IOException {
        assertUnsafe(
                Weights.problem(Problem.CheckpointUnsafe.class, folder, Weights.torchZip(pickle)),
                request);
    }

    private static void assertUnsafe(Problem.CheckpointUnsafe problem, String request) {
        assertTrue(problem.request().contains(request), problem.request());
    }

    private void assertDamaged(byte[] pickle, String reason) throws IOException {
        Problem problem =
                Weights.problem(Problem.CheckpointDamaged.class, folder, Weights.torchZip(pickle));
        assertTrue(problem.cause().contains(reason), problem.cause());
    }
}
