package dev.zoetrope.weights;

/**
 * Something a pickle names that is neither a tensor nor a plain container: a class, a function, or
 * an object that only a call would have made. It is inert: nothing was imported and nothing called.
 *
 * @param name the Python name, such as {@code numpy.dtype}
 */
public record Opaque(String name) implements Comparable<Opaque> {
    /** By name, so that hash collisions of many keys cost a map no more than a tree search. */
    @Override
    public int compareTo(Opaque other) {
        return name.compareTo(other.name);
    }
}
