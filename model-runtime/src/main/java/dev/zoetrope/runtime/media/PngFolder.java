package dev.zoetrope.runtime.media;

import dev.zoetrope.runtime.problem.Problem;

import org.bytedeco.ffmpeg.avcodec.AVPacket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A clip as a folder of pictures, {@code 000001.png} and on, each with the clip's tags. */
final class PngFolder implements FrameSink {
    private final Path folder;
    private final Map<String, String> metadata;
    private final RgbPicture picture;
    private final VideoEncoder encoder;
    private int written;

    private PngFolder(
            Path folder, Map<String, String> metadata, RgbPicture picture, VideoEncoder encoder) {
        this.folder = folder;
        this.metadata = metadata;
        this.picture = picture;
        this.encoder = encoder;
    }

    static PngFolder create(
            Path folder, int width, int height, FrameRate rate, Map<String, String> metadata) {
        Ffmpeg.begin();
        try {
            Files.createDirectory(folder);
        } catch (IOException e) {
            throw inaccessible(folder, e);
        }
        VideoEncoder encoder =
                VideoEncoder.open(Encoding.of(VideoFormat.PNG_FRAMES), width, height, rate, false);
        return new PngFolder(folder, metadata, new RgbPicture(width, height), encoder);
    }

    /**
     * Where a picture lies.
     *
     * @param number from 1 up
     */
    static Path picture(Path folder, int number) {
        return folder.resolve(String.format(Locale.ROOT, "%06d.png", number));
    }

    @Override
    public SoundTrack keepAudioOf(Path source, double startSeconds, double durationSeconds) {
        return SoundTrack.NONE_IN_FORMAT;
    }

    @Override
    public void write(Frame frame, long micros) {
        encoder.encode(picture.fill(frame, encoder.ticks(micros)), this::save);
    }

    private void save(AVPacket packet) {
        byte[] png = new byte[packet.size()];
        packet.data().get(png);
        written++;
        Path file = picture(folder, written);
        try {
            Files.write(file, PngText.insert(png, metadata));
        } catch (IOException e) {
            throw inaccessible(file, e);
        }
    }

    @Override
    public void finish() {
        encoder.encode(null, this::save);
    }

    private static RuntimeException inaccessible(Path file, IOException e) {
        return Problem.FileInaccessible.of(file, e).asException(e);
    }

    @Override
    public void close() {
        picture.close();
        encoder.close();
    }
}
