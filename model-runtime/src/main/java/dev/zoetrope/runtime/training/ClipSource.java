package dev.zoetrope.runtime.training;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * An endless supply of clips. Deterministic: the same index and shape give the same clip in every
 * process, which is what makes a resumed training run equal to one that never stopped.
 * Implementations are used by several threads at once. Sources found by {@link
 * java.util.ServiceLoader} can be named in {@code --dataset}.
 */
public interface ClipSource {
    /** Those that came with Zoetrope. */
    static List<ClipSource> installed() {
        return ServiceLoader.load(ClipSource.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** What {@code --dataset} calls it. */
    String name();

    /** The clip at an index from 0 up, already cropped and scaled to {@code shape}. */
    TrainingClip clip(long index, ClipShape shape);

    /** Files that clips were to be made of but could not, in order of their names. */
    default Collection<SkippedFile> skipped() {
        return List.of();
    }

    /** Who can tell what its clips show; empty where nobody can. */
    default Optional<ClipCritic> critic() {
        return Optional.empty();
    }
}
