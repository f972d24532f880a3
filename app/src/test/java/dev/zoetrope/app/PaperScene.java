package dev.zoetrope.app;

import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.reconstruction.FrameQuality;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;

/**
 * A drawn clip, a balloon over hills, and what a coarse codec would make of it: every frame differs
 * from the others and every reconstruction from its original.
 */
public record PaperScene(int width, int height, double fps, int frames) {
    public Frame original(int index) {
        return frame(draw(index), index);
    }

    /** Blurred, and blurred more in the middle of the clip, so that there is a worst frame. */
    public Frame reconstruction(int index) {
        double middle = 1 - Math.abs(2.0 * index / frames - 1);
        double shrink = 2 + 1.6 * middle * middle + 0.25 * Math.sin(index * 0.9);
        int small = (int) Math.max(1, width / shrink);
        int low = (int) Math.max(1, height / shrink);
        return frame(scaled(scaled(draw(index), small, low), width, height), index);
    }

    public FrameQuality quality(int index) {
        ByteBuffer a = original(index).rgb();
        ByteBuffer b = reconstruction(index).rgb();
        double squares = 0;
        for (int i = 0; i < a.capacity(); i++) {
            int distance = (a.get(i) & 0xff) - (b.get(i) & 0xff);
            squares += distance * distance;
        }
        double psnr = 10 * Math.log10(255.0 * 255.0 * a.capacity() / Math.max(1, squares));
        return new FrameQuality(psnr, 1 - 2.4 / psnr);
    }

    private BufferedImage draw(int index) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        double t = index / fps;
        g.setPaint(
                new GradientPaint(
                        0, 0, new Color(0x27, 0x3b, 0x6d), 0, height, new Color(0xf2, 0xa5, 0x7c)));
        g.fillRect(0, 0, width, height);
        g.setColor(new Color(0xff, 0xe2, 0xa8));
        double sun = height * 0.3;
        g.fill(new Ellipse2D.Double(width * 0.62, height * 0.34, sun, sun));
        hills(g, 0.62, 0.10, 9 * t, new Color(0x8b, 0x5f, 0x83));
        hills(g, 0.74, 0.09, 22 * t + 40, new Color(0x5b, 0x41, 0x6d));
        balloon(g, width * (0.22 + 0.1 * t), height * (0.34 + 0.05 * Math.sin(1.7 * t)));
        hills(g, 0.88, 0.08, 48 * t + 90, new Color(0x2c, 0x25, 0x46));
        g.dispose();
        return image;
    }

    private void hills(Graphics2D g, double level, double swing, double shift, Color color) {
        var path = new Path2D.Double();
        path.moveTo(0, height);
        for (int x = 0; x <= width; x += 4) {
            double u = (x + shift * width / 480) / width * 6.2;
            path.lineTo(
                    x,
                    height * (level - swing * (0.6 * Math.sin(u) + 0.4 * Math.sin(2.3 * u + 1))));
        }
        path.lineTo(width, height);
        g.setColor(color);
        g.fill(path);
    }

    private void balloon(Graphics2D g, double x, double y) {
        double r = height * 0.15;
        Color[] stripes = {
            new Color(0xe8, 0x4a, 0x4a), new Color(0xff, 0xf1, 0xdc), new Color(0xe8, 0x4a, 0x4a)
        };
        for (int i = 0; i < stripes.length; i++) {
            double w = r * (1 - 0.34 * i);
            g.setColor(stripes[i]);
            g.fill(new Ellipse2D.Double(x - w, y - r, 2 * w, 2.15 * r));
        }
        g.setColor(new Color(0x4a, 0x2f, 0x2a));
        g.fillRect((int) (x - r * 0.17), (int) (y + r * 1.4), (int) (r * 0.34), (int) (r * 0.26));
        g.drawLine((int) (x - r * 0.4), (int) (y + r), (int) (x - r * 0.16), (int) (y + r * 1.4));
        g.drawLine((int) (x + r * 0.4), (int) (y + r), (int) (x + r * 0.16), (int) (y + r * 1.4));
    }

    private static BufferedImage scaled(BufferedImage image, int width, int height) {
        var result = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = result.createGraphics();
        g.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        g.drawImage(image, 0, 0, width, height, null);
        g.dispose();
        return result;
    }

    private Frame frame(BufferedImage image, int index) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(3 * width * height);
        for (int pixel : image.getRGB(0, 0, width, height, null, 0, width)) {
            rgb.put((byte) (pixel >> 16)).put((byte) (pixel >> 8)).put((byte) pixel);
        }
        return new Frame(width, height, rgb.flip(), Math.round(index / fps * 1e6));
    }
}
