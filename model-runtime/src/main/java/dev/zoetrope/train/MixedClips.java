package dev.zoetrope.train;

import com.google.common.hash.Hashing;

import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.SkippedFile;
import dev.zoetrope.runtime.training.TrainingClip;

import java.util.List;
import java.util.stream.Collectors;

/** Several sources in fixed shares. Which one a clip comes from depends on its index alone. */
public final class MixedClips implements ClipSource {
    private final List<Share> shares;
    private final int total;

    /**
     * How often a source has its turn.
     *
     * @param parts at least 1, out of the sum over all sources
     */
    public record Share(ClipSource source, int parts) {
        public Share {
            if (parts < 1) {
                throw new IllegalArgumentException(parts + " parts of " + source.name());
            }
        }
    }

    /**
     * @param shares at least one
     */
    public MixedClips(List<Share> shares) {
        if (shares.isEmpty()) {
            throw new IllegalArgumentException("a mix of nothing");
        }
        this.shares = List.copyOf(shares);
        total = shares.stream().mapToInt(Share::parts).reduce(0, Math::addExact);
    }

    @Override
    public String name() {
        return shares.stream()
                .map(share -> share.source().name() + ":" + share.parts())
                .collect(Collectors.joining(","));
    }

    @Override
    public List<SkippedFile> skipped() {
        return shares.stream().flatMap(share -> share.source().skipped().stream()).toList();
    }

    @Override
    public TrainingClip clip(long index, ClipShape shape) {
        // Another hash than the sources use, so that a source does not see one sort of draw only.
        long draw = Hashing.sipHash24().hashLong(index).asLong();
        int place = Math.floorMod(draw, total);
        for (Share share : shares) {
            place -= share.parts();
            if (place < 0) {
                return share.source().clip(index, shape);
            }
        }
        throw new AssertionError("shares add up to their total");
    }
}
