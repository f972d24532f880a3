package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_WEBP;

import dev.zoetrope.runtime.problem.Problem;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An animated WebP, each of whose frames is laid over the ones before. On a black ground a canvas
 * needs no opacity of its own: emptied means black.
 */
final class AnimatedWebp implements FrameSource {
    private static final double MICROS = 1e6;

    private final Path path;
    private final FileChannel file;
    private final WebpAnimation animation;
    private final ClipInfo info;
    private final ByteBuffer canvas;
    private final RgbPicture picture;
    private final StillDecoder decoder = new StillDecoder(AV_CODEC_ID_WEBP);
    private final RgbConverter fromCoded = new RgbConverter();
    private final RgbConverter fromCanvas = new RgbConverter();
    private int next;
    private long nextMicros;
    private long skipped;

    private AnimatedWebp(Path path, FileChannel file, WebpAnimation animation) throws IOException {
        this.path = path;
        this.file = file;
        this.animation = animation;
        int frames = animation.frames().size();
        long duration = animation.frames().stream().mapToLong(WebpAnimation.Entry::micros).sum();
        info =
                new ClipInfo(
                        animation.width(),
                        animation.height(),
                        frames * MICROS / duration,
                        frames,
                        duration,
                        "webp",
                        false,
                        Sidecar.read(path));
        canvas = ByteBuffer.allocateDirect(3 * animation.width() * animation.height());
        picture = new RgbPicture(animation.width(), animation.height());
    }

    static AnimatedWebp open(Path path) throws IOException {
        Ffmpeg.begin();
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            WebpAnimation animation = WebpAnimation.parse(file);
            Demuxer.refuseHuge(path, animation.width(), animation.height());
            if (animation.frames().isEmpty()) {
                throw new Problem.MediaUnreadable(path, "not one frame of it is whole")
                        .asException();
            }
            return new AnimatedWebp(path, file, animation);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public ClipInfo info() {
        return info;
    }

    @Override
    public @Nullable Frame read(int width, int height) {
        while (next < animation.frames().size()) {
            long micros = nextMicros;
            if (draw()) {
                Frame whole =
                        new Frame(
                                animation.width(), animation.height(), canvas.duplicate(), micros);
                ByteBuffer rgb =
                        fromCanvas.convert(
                                picture.fill(whole, 0), Orientation.UPRIGHT, width, height);
                return new Frame(width, height, rgb, micros);
            }
        }
        return null;
    }

    /** Draws the next frame on the canvas; false when it is damaged. */
    private boolean draw() {
        if (next > 0 && animation.frames().get(next - 1).cleared()) {
            clear(animation.frames().get(next - 1));
        }
        WebpAnimation.Entry entry = animation.frames().get(next);
        next++;
        nextMicros += entry.micros();
        AVFrame coded = decode(entry);
        if (coded == null || coded.width() != entry.width() || coded.height() != entry.height()) {
            skipped++;
            return false;
        }
        lay(fromCoded.toRgba(coded), entry);
        return true;
    }

    private @Nullable AVFrame decode(WebpAnimation.Entry entry) {
        try {
            return decoder.decode(entry.still(file));
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(path, e).asException(e);
        }
    }

    private void lay(ByteBuffer rgba, WebpAnimation.Entry entry) {
        int from = 0;
        for (int y = 0; y < entry.height(); y++) {
            int to = place(entry, y);
            for (int x = 0; x < entry.width(); x++, from += 4, to += 3) {
                int opacity = rgba.get(from + 3) & 0xff;
                int kept = entry.blended() ? 255 - opacity : 0;
                for (int channel = 0; channel < 3; channel++) {
                    int over = (rgba.get(from + channel) & 0xff) * opacity;
                    int under = (canvas.get(to + channel) & 0xff) * kept;
                    canvas.put(to + channel, (byte) ((over + under + 127) / 255));
                }
            }
        }
    }

    private void clear(WebpAnimation.Entry entry) {
        byte[] black = new byte[3 * entry.width()];
        for (int y = 0; y < entry.height(); y++) {
            canvas.put(place(entry, y), black);
        }
    }

    /** Where a row of a frame begins on the canvas. */
    private int place(WebpAnimation.Entry entry, int row) {
        return 3 * ((entry.y() + row) * animation.width() + entry.x());
    }

    @Override
    public void seekFrame(long index) {
        if (index < next) {
            next = 0;
            nextMicros = 0;
            canvas.put(0, new byte[canvas.capacity()]);
        }
        while (next < Math.min(index, animation.frames().size())) {
            draw();
        }
    }

    @Override
    public void seekMicros(long micros) {
        int shown = 0;
        long until = animation.frames().getFirst().micros();
        while (until <= micros && shown + 1 < animation.frames().size()) {
            shown++;
            until += animation.frames().get(shown).micros();
        }
        seekFrame(shown);
    }

    @Override
    public long skippedFrames() {
        return skipped;
    }

    @Override
    public void close() {
        fromCanvas.close();
        fromCoded.close();
        decoder.close();
        picture.close();
        try {
            file.close();
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(path, e).asException(e);
        }
    }
}
