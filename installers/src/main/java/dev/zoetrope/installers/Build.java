package dev.zoetrope.installers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Makes the packages of the system that it runs on. */
public final class Build {
    private Build() {}

    /**
     * Run by the profile {@code installer}.
     *
     * @param arguments folder of the repository, version, date of everything in the packages
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path repository = Path.of(arguments[0]).toRealPath();
        Path module = repository.resolve("installers");
        Path build = module.resolve("target");
        Definition definition = new Definition(module, arguments[1], Instant.parse(arguments[2]));
        Target target = Target.ofThisSystem();

        AppImage.delete(build.resolve("packing"));
        Path work = Files.createDirectories(build.resolve("packing"));
        Icons icons =
                new Icons(
                        repository.resolve(
                                "ui-resources/src/main/resources/dev/zoetrope/ui/icon.png"));
        AppImage image = new AppImage(definition, target, build.resolve("image"));
        image.make(
                build.resolve("lib"),
                repository.resolve(
                        "model-runtime/src/main/resources/dev/zoetrope/engine/environment.sh"),
                icons.write(target, work));

        Path packages = build.resolve("packages");
        AppImage.delete(packages);
        Files.createDirectories(packages);
        List<Path> made = new ArrayList<>();
        Path licence = repository.resolve("LICENSE");
        Path bill = build.resolve("zoetrope.cdx.json");
        if (target.linux()) {
            LinuxPackages linux = new LinuxPackages(definition, target, work);
            linux.layOut(image.root(), icons, licence, bill);
            made.add(linux.deb(packages));
            made.add(linux.rpm(packages));
        } else {
            made.addAll(
                    new JpackageInstallers(definition, target, work)
                            .make(image.root(), licence, packages));
        }
        made.add(Files.copy(bill, packages.resolve(bill.getFileName())));
        StringBuilder sums = new StringBuilder();
        for (Path file : made) {
            sums.append(sha256(file)).append("  ").append(file.getFileName()).append('\n');
            System.out.printf("%s, %.1f MB%n", file, Files.size(file) / 1e6);
        }
        Files.writeString(packages.resolve("SHA256SUMS"), sums);
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
