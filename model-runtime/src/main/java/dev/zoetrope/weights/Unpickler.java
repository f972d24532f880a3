package dev.zoetrope.weights;

import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs the stack machine of Python's pickles, protocols 2 to 5, with nothing behind it: names stay
 * names, and {@link PickleNames} knows the few calls whose result is a tensor or a plain container.
 * Every other call yields an {@link Opaque}, and one that could do harm ends the reading.
 *
 * <p>Every opcode takes time and heap in proportion to its own length (shared values are charged
 * for each time they are copied), so that no pickle takes longer to read than its size explains.
 */
final class Unpickler {
    private static final int OLDEST_PROTOCOL = 2;
    private static final int NEWEST_PROTOCOL = 5;

    /** Longest integer; torch's own longest, the magic number of its old format, has 10 bytes. */
    private static final int MAX_INTEGER_BYTES = 64;

    /** Longest module or class name. */
    private static final int MAX_NAME = 1024;

    // Heap per value, generous because growing collections leave their old arrays behind.
    private static final int HEAP_PER_VALUE = 32;
    private static final int HEAP_PER_ENTRY = 96;
    private static final int HEAP_PER_CONTAINER = 160;

    private final FileBytes in;
    private final PickleNames names;
    private final List<@Nullable Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Long, @Nullable Object> memo = new HashMap<>();
    private final Map<String, Pickled.Storage> storages;

    /**
     * @param storages receives every storage the pickle refers to, by key
     */
    Unpickler(FileBytes in, Map<String, Pickled.Storage> storages) {
        this.in = in;
        this.names = new PickleNames(in);
        this.storages = storages;
    }

    /** Reads one pickle from the current position to the end of its STOP opcode. */
    @Nullable Object load() throws IOException {
        if (in.u8() != 0x80) {
            throw in.damaged("a pickle in it does not begin as one");
        }
        int protocol = in.u8();
        if (protocol < OLDEST_PROTOCOL || protocol > NEWEST_PROTOCOL) {
            throw in.unknown("it is a pickle of protocol " + protocol);
        }
        while (true) {
            int opcode = in.u8();
            if (opcode == '.') {
                Object result = pop();
                if (!stack.isEmpty() || !marks.isEmpty()) {
                    throw in.damaged("a pickle in it ends before its values are complete");
                }
                return result;
            }
            execute(opcode);
        }
    }

    private void execute(int opcode) throws IOException {
        switch (opcode) {
            // Constants and numbers
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'K' -> push((long) in.u8());
            case 'M' -> push((long) in.u16());
            case 'J' -> push((long) in.i32());
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.i64())));
            case 0x8a -> push(integer(in.u8()));
            case 0x8b -> push(integer(in.u32()));
            // Text and bytes
            case 'X' -> push(in.text(in.u32()));
            case 0x8c -> push(in.text(in.u8()));
            case 0x8d -> push(in.text(in.i64()));
            case 'U' -> push(python2Text(in.u8()));
            case 'T' -> push(python2Text(in.u32()));
            case 'C' -> pushBytes(in.u8());
            case 'B' -> pushBytes(in.u32());
            case 0x8e, 0x96 -> pushBytes(in.i64());
            // Containers
            case '}' -> pushContainer(new LinkedHashMap<Object, @Nullable Object>());
            case ']' -> pushContainer(new ArrayList<@Nullable Object>());
            case 0x8f -> pushContainer(new LinkedHashSet<Object>());
            case ')' -> push(new Pickled.Tuple(List.of()));
            case 0x85 -> push(new Pickled.Tuple(pop(1)));
            case 0x86 -> push(new Pickled.Tuple(pop(2)));
            case 0x87 -> push(new Pickled.Tuple(pop(3)));
            case 't' -> push(new Pickled.Tuple(popToMark()));
            case 0x91 -> push(names.set(popToMark()));
            case 's' -> setItems(pop(2));
            case 'u' -> setItems(popToMark());
            case 'a' -> append(pop(1));
            case 'e' -> append(popToMark());
            case 0x90 -> addToSet(popToMark());
            // The stack itself
            case '(' -> {
                in.charge(HEAP_PER_VALUE);
                marks.push(stack.size());
            }
            case '0' -> pop();
            case '1' -> popToMark();
            case '2' -> push(top());
            // The memo
            case 'q' -> remember(in.u8());
            case 'r' -> remember(in.u32());
            case 0x94 -> remember(memo.size());
            case 'h' -> push(recall(in.u8()));
            case 'j' -> push(recall(in.u32()));
            // Names and calls
            case 'c' -> push(names.name(line(), line()));
            case 0x93 -> {
                List<@Nullable Object> moduleAndName = pop(2);
                push(names.name(nameText(moduleAndName.get(0)), nameText(moduleAndName.get(1))));
            }
            case 'i' -> {
                popToMark();
                push(names.construct(names.name(line(), line())));
            }
            case 'o' -> {
                List<@Nullable Object> typeAndArguments = popToMark();
                if (typeAndArguments.isEmpty()) {
                    throw tooFewValues();
                }
                push(names.construct(typeAndArguments.getFirst()));
            }
            case 'R' -> {
                List<@Nullable Object> call = pop(2);
                push(names.call(call.get(0), items(call.get(1))));
            }
            case 0x81 -> push(names.construct(pop(2).getFirst()));
            case 0x92 -> push(names.construct(pop(3).getFirst()));
            case 'b' -> build(pop());
            case 0x82, 0x83, 0x84 -> throw in.unsafe("an object registered outside the file");
            // References out of the pickle, and frames
            case 'Q' -> push(storage(pop()));
            case 0x95 -> {
                long frame = in.i64();
                if (frame < 0 || frame > in.remaining()) {
                    throw in.damaged("a pickle in it claims more bytes than there are");
                }
            }
            default ->
                    throw in.damaged(
                            "byte %d is no instruction of a pickle (0x%02x)"
                                    .formatted(in.position() - 1, opcode));
        }
    }

    private void push(@Nullable Object value) {
        in.charge(HEAP_PER_VALUE);
        stack.add(value);
    }

    private void pushContainer(Object container) {
        in.charge(HEAP_PER_CONTAINER);
        push(container);
    }

    private @Nullable Object top() {
        requireAboveMark(1);
        return stack.getLast();
    }

    private @Nullable Object pop() {
        requireAboveMark(1);
        return stack.removeLast();
    }

    private List<@Nullable Object> pop(int count) {
        requireAboveMark(count);
        return popFrom(stack.size() - count);
    }

    private List<@Nullable Object> popToMark() {
        if (marks.isEmpty()) {
            throw tooFewValues();
        }
        return popFrom(marks.pop());
    }

    private List<@Nullable Object> popFrom(int index) {
        List<@Nullable Object> tail = stack.subList(index, stack.size());
        in.charge(HEAP_PER_ENTRY + 8L * tail.size());
        List<@Nullable Object> values = new ArrayList<>(tail);
        tail.clear();
        return values;
    }

    private void requireAboveMark(int count) {
        int floor = marks.isEmpty() ? 0 : marks.peek();
        if (stack.size() - floor < count) {
            throw tooFewValues();
        }
    }

    private ProblemException tooFewValues() {
        return in.damaged("a pickle in it takes more values than it gave");
    }

    private void remember(long index) {
        // Each entry takes at least a byte to write, so an honest index is below the size.
        if (index >= in.size()) {
            throw in.damaged("a pickle in it numbers a value " + index);
        }
        in.charge(HEAP_PER_ENTRY);
        memo.put(index, top());
    }

    private @Nullable Object recall(long index) {
        if (!memo.containsKey(index)) {
            throw in.damaged("a pickle in it refers to a value it does not have");
        }
        return memo.get(index);
    }

    private Number integer(long length) throws IOException {
        if (length > MAX_INTEGER_BYTES) {
            throw in.damaged("a pickle in it has a number of " + length + " bytes");
        }
        in.charge(HEAP_PER_CONTAINER);
        byte[] littleEndian = in.bytes(length);
        byte[] bigEndian = new byte[littleEndian.length + 1];
        for (int i = 0; i < littleEndian.length; i++) {
            bigEndian[bigEndian.length - 1 - i] = littleEndian[i];
        }
        boolean negative = littleEndian.length > 0 && littleEndian[littleEndian.length - 1] < 0;
        bigEndian[0] = (byte) (negative ? -1 : 0);
        BigInteger value = new BigInteger(bigEndian);
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    /** Python 2 text is bytes in no stated encoding; ASCII wherever torch wrote it. */
    private String python2Text(long length) throws IOException {
        in.charge(HEAP_PER_ENTRY + length);
        return new String(in.bytes(length), StandardCharsets.ISO_8859_1);
    }

    private void pushBytes(long length) {
        in.skip(length);
        push(new Opaque("builtins.bytes"));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.u8(); c != '\n'; c = in.u8()) {
            if (line.length() == MAX_NAME) {
                throw in.damaged("a pickle in it has an endless name");
            }
            line.append((char) c);
        }
        in.charge(HEAP_PER_ENTRY + 6L * line.length());
        return line.toString();
    }

    private String nameText(@Nullable Object value) {
        if (value instanceof String text && text.length() <= MAX_NAME) {
            return text;
        }
        throw in.damaged("a pickle in it names something by what is not a name");
    }

    private List<@Nullable Object> items(@Nullable Object tuple) {
        if (tuple instanceof Pickled.Tuple(var items)) {
            return items;
        }
        throw in.damaged("a pickle in it calls something with what is not a list of arguments");
    }

    @SuppressWarnings("unchecked") // The only maps and lists on the stack are those pushed above.
    private void setItems(List<@Nullable Object> keysAndValues) {
        if (keysAndValues.size() % 2 != 0) {
            throw in.damaged("a pickle in it has a key without a value");
        }
        Object target = top();
        if (target instanceof Map<?, ?> map) {
            for (int i = 0; i < keysAndValues.size(); i += 2) {
                names.put(
                        (Map<Object, @Nullable Object>) map,
                        keysAndValues.get(i),
                        keysAndValues.get(i + 1));
            }
        } else if (!(target instanceof Opaque)) {
            throw in.damaged("a pickle in it puts keys into what is not a dictionary");
        }
    }

    @SuppressWarnings("unchecked") // As in setItems.
    private void append(List<@Nullable Object> values) {
        Object target = top();
        if (target instanceof List<?> list) {
            in.charge(HEAP_PER_CONTAINER + 32L * values.size());
            ((List<@Nullable Object>) list).addAll(values);
        } else if (!(target instanceof Opaque)) {
            throw in.damaged("a pickle in it appends to what is not a list");
        }
    }

    @SuppressWarnings("unchecked") // As in setItems.
    private void addToSet(List<@Nullable Object> values) {
        Object target = top();
        if (target instanceof Set<?> set) {
            ((Collection<Object>) set).addAll(names.set(values));
        } else if (!(target instanceof Opaque)) {
            throw in.damaged("a pickle in it adds to what is not a set");
        }
    }

    /** Gives an object its attributes; only a namespace has any that are kept. */
    private void build(@Nullable Object state) {
        Object target = top();
        switch (target) {
            case Pickled.Namespace(var attributes) when state instanceof Map<?, ?> map ->
                    map.forEach((name, value) -> names.put(attributes, name, value));
            // A state dict carries the versions of its modules as attributes.
            case Map<?, ?> _, Opaque _ -> {}
            case null, default ->
                    throw in.damaged("a pickle in it gives attributes to what has none");
        }
    }

    private Object storage(@Nullable Object reference) {
        Object value = names.storage(items(reference));
        if (value instanceof Pickled.Storage storage) {
            in.charge(HEAP_PER_ENTRY);
            Pickled.Storage known = storages.putIfAbsent(storage.key(), storage);
            if (known != null && !known.equals(storage)) {
                throw in.damaged("it describes storage " + storage.key() + " in two ways");
            }
        }
        return value;
    }
}
