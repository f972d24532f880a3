package dev.zoetrope.weights;

import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the Python names in a pickle stand for. */
final class PickleNames {
    /**
     * Modules with no business in weights. Nothing in a pickle is ever run, so this list protects
     * nobody; it tells the person that the file was made to harm.
     */
    private static final Set<String> HOSTILE_MODULES =
            words(
                    """
                    _ctypes _frozen_importlib _pickle _posixsubprocess _socket _winapi asyncio
                    bdb cProfile cloudpickle code commands ctypes dill distutils ftplib http imp
                    importlib marshal multiprocessing nt operator os pdb pickle pip pkgutil
                    platform popen2 posix posixpath profile pty requests runpy shelve shutil
                    signal site smtplib socket ssl subprocess sys tempfile threading timeit
                    trace urllib urllib2 venv webbrowser winreg
                    """);

    /** Names from modules that are otherwise harmless. */
    private static final Set<String> HOSTILE_NAMES =
            words(
                    """
                    _io.FileIO _io.open _io.open_code io.FileIO io.open io.open_code numpy.load
                    numpy.testing._private.utils.runstring torch.hub.load
                    torch.hub.load_state_dict_from_url torch.jit.load torch.load
                    torch.serialization.load torch.storage._load_from_bytes types.CodeType
                    types.FunctionType
                    """);

    /** Of Python's built-ins only the types; the functions among the rest run code. */
    private static final Set<String> HARMLESS_BUILTINS =
            words(
                    """
                    bool bytearray bytes complex dict float frozenset int list long object range
                    set slice str tuple type unicode xrange
                    """);

    private static final Map<String, DType> STORAGES =
            Map.ofEntries(
                    Map.entry("BoolStorage", DType.BOOL),
                    Map.entry("ByteStorage", DType.U8),
                    Map.entry("CharStorage", DType.I8),
                    Map.entry("ShortStorage", DType.I16),
                    Map.entry("IntStorage", DType.I32),
                    Map.entry("LongStorage", DType.I64),
                    Map.entry("HalfStorage", DType.F16),
                    Map.entry("BFloat16Storage", DType.BF16),
                    Map.entry("FloatStorage", DType.F32),
                    Map.entry("DoubleStorage", DType.F64),
                    Map.entry("ComplexFloatStorage", DType.C64),
                    // Plain bytes; the tensor says what they are.
                    Map.entry("UntypedStorage", DType.U8));

    private static final Map<String, DType> DTYPES =
            Map.ofEntries(
                    Map.entry("torch.bool", DType.BOOL),
                    Map.entry("torch.uint8", DType.U8),
                    Map.entry("torch.int8", DType.I8),
                    Map.entry("torch.float8_e5m2", DType.F8_E5M2),
                    Map.entry("torch.float8_e4m3fn", DType.F8_E4M3),
                    Map.entry("torch.float8_e8m0fnu", DType.F8_E8M0),
                    Map.entry("torch.float8_e4m3fnuz", DType.F8_E4M3FNUZ),
                    Map.entry("torch.float8_e5m2fnuz", DType.F8_E5M2FNUZ),
                    Map.entry("torch.int16", DType.I16),
                    Map.entry("torch.uint16", DType.U16),
                    Map.entry("torch.float16", DType.F16),
                    Map.entry("torch.bfloat16", DType.BF16),
                    Map.entry("torch.int32", DType.I32),
                    Map.entry("torch.uint32", DType.U32),
                    Map.entry("torch.float32", DType.F32),
                    Map.entry("torch.complex64", DType.C64),
                    Map.entry("torch.float64", DType.F64),
                    Map.entry("torch.int64", DType.I64),
                    Map.entry("torch.uint64", DType.U64));

    /** libtorch's own limit on the number of axes. */
    private static final int MAX_RANK = 64;

    private static final int HEAP_PER_TENSOR = 400;

    private final FileBytes in;

    PickleNames(FileBytes in) {
        this.in = in;
    }

    private static Set<String> words(String text) {
        return Pattern.compile("\\s+").splitAsStream(text).collect(Collectors.toUnmodifiableSet());
    }

    /** A name as a value; a name that could do harm ends the reading here, before any use of it. */
    Pickled.Name name(String module, String name) {
        in.charge(200 + 4L * (module.length() + name.length()));
        String qualified = module + "." + name;
        if (isHostile(module, name, qualified)) {
            throw in.unsafe(qualified);
        }
        return new Pickled.Name(qualified);
    }

    private static boolean isHostile(String module, String name, String qualified) {
        String topLevel = firstPart(module);
        if (topLevel.equals("builtins") || topLevel.equals("__builtin__")) {
            return !HARMLESS_BUILTINS.contains(name);
        }
        // A dotted name reaches into modules that another module has imported.
        boolean throughAnother = name.contains(".") && HOSTILE_MODULES.contains(firstPart(name));
        return throughAnother
                || HOSTILE_MODULES.contains(topLevel)
                || HOSTILE_NAMES.contains(qualified);
    }

    private static String firstPart(String dotted) {
        int dot = dotted.indexOf('.');
        return dot < 0 ? dotted : dotted.substring(0, dot);
    }

    /** The result of a call that is known to make a tensor or a container; otherwise inert. */
    @Nullable Object call(@Nullable Object callee, List<@Nullable Object> arguments) {
        String function = nameOf(callee);
        return switch (function) {
            case "torch._utils._rebuild_tensor",
                    "torch._utils._rebuild_tensor_v2",
                    "torch._utils._rebuild_tensor_v3" ->
                    tensor(arguments, function.endsWith("v3"));
            case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
                    argument(arguments, 0);
            case "torch.Size" -> new Pickled.Tuple(copy(argument(arguments, 0)));
            case "collections.OrderedDict" ->
                    arguments.isEmpty() ? newMap() : mapOfPairs(copy(arguments.getFirst()));
            case "collections.defaultdict" -> newMap();
            case "builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset" ->
                    set(arguments.isEmpty() ? List.of() : copy(arguments.getFirst()));
            default -> new Opaque(function);
        };
    }

    /** A new object of a class, before its attributes are set. */
    Object construct(@Nullable Object type) {
        String name = nameOf(type);
        in.charge(100);
        return switch (name) {
            case "argparse.Namespace" -> new Pickled.Namespace();
            case "collections.OrderedDict" -> newMap();
            default -> new Opaque(name);
        };
    }

    /** The storage a persistent id describes; inert if its number type is not known. */
    Object storage(List<@Nullable Object> id) {
        if (id.size() < 5 || !"storage".equals(id.getFirst())) {
            throw in.unknown("it refers to something outside that is not a tensor's storage");
        }
        if (id.size() > 5 && id.get(5) != null) {
            throw in.unknown("it uses storage views, as only the first versions of torch did");
        }
        String type = nameOf(id.get(1));
        DType dtype = STORAGES.get(type.substring(type.lastIndexOf('.') + 1));
        if (dtype == null || !type.startsWith("torch.")) {
            return new Opaque(type);
        }
        if (id.get(2) instanceof String key
                && id.get(4) instanceof Long elements
                && elements >= 0) {
            return new Pickled.Storage(key, dtype, elements);
        }
        throw malformedTensor();
    }

    /** Puts an entry into a dictionary, in which no key may come twice. */
    void put(Map<Object, @Nullable Object> map, @Nullable Object key, @Nullable Object value) {
        in.charge(200);
        Object plain = plain(key, map.size());
        if (map.containsKey(plain)) {
            throw in.damaged("a dictionary in it has the key " + plain + " twice");
        }
        map.put(plain, value);
    }

    /** A set of the values, each as {@link #put} would keep it as a key. */
    Set<Object> set(List<@Nullable Object> values) {
        Set<Object> set = new LinkedHashSet<>();
        for (Object value : values) {
            in.charge(200);
            set.add(plain(value, set.size()));
        }
        return set;
    }

    /**
     * What a map or set may find an entry by. Comparing tuples or other nested values could take
     * far longer than reading them, and no tensor is named so: their entries get a number.
     */
    private static Object plain(@Nullable Object key, int number) {
        return switch (key) {
            case String text -> text;
            case Long integer -> integer;
            case Boolean truth -> truth;
            case Opaque opaque -> opaque;
            case Pickled.Name name -> new Opaque(name.qualified());
            case null, default -> new Opaque("key " + number);
        };
    }

    private String nameOf(@Nullable Object callee) {
        return switch (callee) {
            case Pickled.Name name -> name.qualified();
            case Opaque opaque -> opaque.name();
            case null, default -> throw in.damaged("a pickle in it calls what is not a function");
        };
    }

    private Object tensor(List<@Nullable Object> arguments, boolean typed) {
        Object source = argument(arguments, 0);
        if (source instanceof Opaque) {
            return source;
        }
        if (!(source instanceof Pickled.Storage storage)
                || !(argument(arguments, 1) instanceof Long offset)) {
            throw malformedTensor();
        }
        DType dtype = storage.dtype();
        if (typed) {
            String name = nameOf(argument(arguments, 6));
            DType named = DTYPES.get(name);
            if (named == null) {
                return new Opaque(name);
            }
            dtype = named;
        }
        List<Long> shape = sizes(argument(arguments, 2));
        List<Long> strides = sizes(argument(arguments, 3));
        if (offset < 0 || shape.size() != strides.size()) {
            throw malformedTensor();
        }
        in.charge(HEAP_PER_TENSOR);
        return new Pickled.Tensor(storage, dtype, offset, shape, strides);
    }

    private List<Long> sizes(@Nullable Object value) {
        List<Long> sizes = new ArrayList<>();
        for (Object item : copy(value)) {
            if (!(item instanceof Long size) || size < 0 || sizes.size() == MAX_RANK) {
                throw malformedTensor();
            }
            sizes.add(size);
        }
        return List.copyOf(sizes);
    }

    private @Nullable Object argument(List<@Nullable Object> arguments, int index) {
        if (index >= arguments.size()) {
            throw malformedTensor();
        }
        return arguments.get(index);
    }

    private ProblemException malformedTensor() {
        return in.damaged("it describes a tensor in a way torch does not");
    }

    /** The items of a list or tuple, charged for because one of them can be copied many times. */
    private List<@Nullable Object> copy(@Nullable Object sequence) {
        List<?> items =
                switch (sequence) {
                    case Pickled.Tuple(var tuple) -> tuple;
                    case List<?> list -> list;
                    case null, default ->
                            throw in.damaged("a pickle in it has a value where a list should be");
                };
        in.charge(64 + 16L * items.size());
        return new ArrayList<>(items);
    }

    private Map<Object, @Nullable Object> newMap() {
        in.charge(100);
        return new LinkedHashMap<>();
    }

    /** An ordered dictionary as Python 2 writes it: a list of two-element lists. */
    private Map<Object, @Nullable Object> mapOfPairs(List<@Nullable Object> pairs) {
        Map<Object, @Nullable Object> map = newMap();
        for (Object pair : pairs) {
            List<@Nullable Object> keyAndValue = copy(pair);
            if (keyAndValue.size() != 2) {
                throw in.damaged("a pickle in it has a dictionary entry that is not a pair");
            }
            put(map, keyAndValue.get(0), keyAndValue.get(1));
        }
        return map;
    }
}
