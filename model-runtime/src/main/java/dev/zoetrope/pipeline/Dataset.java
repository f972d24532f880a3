package dev.zoetrope.pipeline;

import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.training.ClipFile;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.train.CaptionedClips;
import dev.zoetrope.train.DirectoryClips;
import dev.zoetrope.train.MixedClips;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From the words of {@code --dataset}, {@code NAME|DIR[:PARTS]}, to clips. */
final class Dataset {
    private static final Logger LOG = LoggerFactory.getLogger(Dataset.class);
    private static final Pattern WITH_PARTS = Pattern.compile("(.+):([1-9]\\d{0,5})");

    private Dataset() {}

    /**
     * Opens all of them, folders and lists by decoding what is in them.
     *
     * @param words at least one
     * @throws dev.zoetrope.runtime.problem.ProblemException when there is none of a name, or a
     *     folder holds no clips
     */
    static ClipSource of(List<String> words) {
        return of(words, DirectoryClips::open);
    }

    /**
     * Opens all of them, folders and lists with their captions.
     *
     * @param words at least one
     * @param fps frames per second of clips from files
     * @throws dev.zoetrope.runtime.problem.ProblemException when there is none of a name, or no
     *     clip in it
     */
    static ClipSource captioned(List<String> words, double fps) {
        return of(words, place -> CaptionedClips.open(place, fps));
    }

    private static ClipSource of(List<String> words, Function<Path, ClipSource> opened) {
        List<MixedClips.Share> shares = new ArrayList<>();
        for (String word : words) {
            Matcher parts = WITH_PARTS.matcher(word);
            boolean weighted = parts.matches();
            shares.add(
                    new MixedClips.Share(
                            source(weighted ? parts.group(1) : word, opened),
                            weighted ? Integer.parseInt(parts.group(2)) : 1));
        }
        return shares.size() == 1 ? shares.getFirst().source() : new MixedClips(shares);
    }

    private static ClipSource source(String nameOrFolder, Function<Path, ClipSource> opened) {
        List<ClipSource> installed = ClipSource.installed();
        for (ClipSource source : installed) {
            if (source.name().equals(nameOrFolder)) {
                return source;
            }
        }
        Path place = Path.of(nameOrFolder);
        if (ClipFile.areIn(place)) {
            ClipSource clips = opened.apply(place);
            clips.skipped().forEach(skipped -> LOG.info("left out: {}", skipped.problem().cause()));
            return clips;
        }
        List<String> names = installed.stream().map(ClipSource::name).toList();
        throw new Impossible.DataSetUnknown(nameOrFolder, names).asException();
    }
}
