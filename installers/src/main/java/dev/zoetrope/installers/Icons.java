package dev.zoetrope.installers;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.imageio.ImageIO;

/** The window's icon, in the sizes and files that systems want. */
final class Icons {
    private static final int LARGEST = 256;
    private static final List<Integer> SIZES = List.of(16, 32, 48, 64, 128, LARGEST);

    /** What an .icns file calls pictures of these sizes. */
    private static final Map<Integer, String> NAMES =
            new TreeMap<>(Map.of(16, "icp4", 32, "icp5", 64, "icp6", 128, "ic07", LARGEST, "ic08"));

    private final BufferedImage icon;

    /**
     * @param file PNG, 256 x 256
     */
    Icons(Path file) throws IOException {
        icon = ImageIO.read(file.toFile());
        if (icon.getWidth() != LARGEST || icon.getHeight() != LARGEST) {
            throw new IllegalArgumentException("%s is not %2$d x %2$d".formatted(file, LARGEST));
        }
    }

    /** For Linux: {@code hicolor/48x48/apps/NAME.png} and so on. */
    void writeTheme(Path icons, String name) throws IOException {
        for (int size : SIZES) {
            Path folder = icons.resolve("hicolor/%1$dx%1$d/apps".formatted(size));
            Files.createDirectories(folder);
            Files.write(folder.resolve(name + ".png"), png(size));
        }
    }

    /** The one file that a system's programs have it in. */
    Path write(Target target, Path folder) throws IOException {
        Path file =
                folder.resolve(
                        target.windows() ? "icon.ico" : target.macos() ? "icon.icns" : "icon.png");
        if (target.windows()) {
            writeIco(file);
        } else if (target.macos()) {
            writeIcns(file);
        } else {
            Files.write(file, png(LARGEST));
        }
        return file;
    }

    /** For Windows: a header, a directory, and the pictures as PNG. */
    private void writeIco(Path file) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort((short) 0).putShort((short) 1).putShort((short) SIZES.size());
        int place = 6 + 16 * SIZES.size();
        for (int size : SIZES) {
            int bytes = png(size).length;
            out.put((byte) size).put((byte) size).putShort((short) 0); // 256 is written as 0
            out.putShort((short) 1).putShort((short) 32).putInt(bytes).putInt(place);
            place += bytes;
        }
        for (int size : SIZES) {
            out.put(png(size));
        }
        write(file, out);
    }

    /** For macOS: a header, and the pictures as PNG, each under its name. */
    private void writeIcns(Path file) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(1 << 20);
        out.put("icns".getBytes(StandardCharsets.US_ASCII)).putInt(0);
        for (Map.Entry<Integer, String> name : NAMES.entrySet()) {
            byte[] picture = png(name.getKey());
            out.put(name.getValue().getBytes(StandardCharsets.US_ASCII));
            out.putInt(8 + picture.length).put(picture);
        }
        write(file, out.putInt(4, out.position()));
    }

    private static void write(Path file, ByteBuffer out) throws IOException {
        byte[] content = new byte[out.position()];
        out.get(0, content);
        Files.write(file, content);
    }

    private byte[] png(int size) throws IOException {
        BufferedImage scaled = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        // By halves: an interpolation looks at no more than its neighbours.
        BufferedImage source = icon;
        while (source.getWidth() > 2 * size) {
            source = halved(source);
        }
        graphics.drawImage(source, 0, 0, size, size, null);
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(scaled, "png", png);
        return png.toByteArray();
    }

    private static BufferedImage halved(BufferedImage picture) {
        int size = picture.getWidth() / 2;
        BufferedImage half = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = half.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, size, size, null);
        graphics.dispose();
        return half;
    }
}
