package dev.zoetrope.cli;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.generation.GenerationRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code zoetrope estimate}. */
@Command(
        name = "estimate",
        description = "Say how long a clip will take, in how much memory and disk, and make none.")
final class EstimateCommand implements Callable<Integer> {
    @Mixin private final GenerationOptions options = new GenerationOptions();

    @Option(
            names = "--calibrate",
            description =
                    "First make small clips with the model, for about a minute, to learn how long"
                            + " it takes on this machine.")
    private boolean calibrate;

    @Option(
            names = "--trials",
            paramLabel = "N",
            hidden = true,
            description = "Make N different clips, and say how long each was estimated to take.")
    private int trials;

    @Option(names = "--json", description = "JSON instead of text.")
    private boolean json;

    private final UserFolders folders;

    EstimateCommand() {
        this(UserFolders.ofThisSystem());
    }

    EstimateCommand(UserFolders folders) {
        this.folders = folders;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        try (ModelRuntime runtime = LocalRuntime.open(folders)) {
            GenerationRequest request = options.request(runtime);
            Estimate estimate = runtime.estimate(request);
            if (calibrate || estimate.basis() == Estimate.Basis.NOTHING) {
                int exit = calibrate(runtime, request);
                if (exit != 0) {
                    return exit;
                }
                estimate = runtime.estimate(request);
            }
            if (trials > 0) {
                return new EstimateTrials(runtime, folders, request, json).run(trials);
            }
            report(estimate);
            return 0;
        }
    }

    private int calibrate(ModelRuntime runtime, GenerationRequest request)
            throws InterruptedException {
        System.err.println("Making small clips to learn how long they take here, about a minute…");
        Progress progress = new Progress(!json, "clips");
        int exit =
                new Foreground(10)
                        .await(
                                runtime.calibrate(
                                        new CalibrationRequest(
                                                request.model(), request.precision(), true),
                                        event -> progress.show(event.clips(), event.most(), "")));
        progress.close();
        return exit;
    }

    private void report(Estimate estimate) {
        if (json) {
            Map<String, Object> phases = new LinkedHashMap<>();
            estimate.phases()
                    .forEach(phase ->
                            phases.put(
                                    phase.kind().name().toLowerCase(Locale.ROOT), phase.seconds()));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("seconds", estimate.seconds());
            fields.put("phases", phases);
            fields.put("memoryBytes", estimate.memory());
            estimate.deviceMemory().ifPresent(bytes -> fields.put("deviceMemoryBytes", bytes));
            fields.put("resultBytes", estimate.result());
            fields.put("keptBytes", estimate.kept());
            fields.put("basis", estimate.basis());
            fields.put("measurements", estimate.measurements());
            fields.put("warnings", estimate.warnings());
            Json.print(fields);
            return;
        }
        for (Estimate.Phase phase : estimate.phases()) {
            String name =
                    switch (phase.kind()) {
                        case OPENING -> "Opening";
                        case ENCODING -> "Prompt";
                        case SAMPLING -> "Sampling";
                        case DECODING -> "Decoding";
                        case CODING, MEMORY, DEVICE_MEMORY, FILE ->
                                throw new IllegalStateException(phase.toString());
                    };
            System.out.printf("%-8s %s%n", name, Ranges.seconds(phase.seconds()));
        }
        System.out.println("Total    " + Ranges.seconds(estimate.seconds()));
        System.out.println("Memory   " + Ranges.bytes(estimate.memory()));
        estimate.deviceMemory()
                .ifPresent(bytes -> System.out.println("On GPU   " + Ranges.bytes(bytes)));
        System.out.printf(
                "Disk     %s, and %s while it is made%n",
                Ranges.bytes(estimate.result()), Ranges.bytes((double) estimate.kept()));
        System.out.println("From     " + basis(estimate));
        estimate.warnings().forEach(System.err::println);
    }

    private static String basis(Estimate estimate) {
        return switch (estimate.basis()) {
            case THIS_MODEL ->
                    "%d clips of this model on this machine".formatted(estimate.measurements());
            case OTHER_MODELS ->
                    "other models on this machine, and so very rough; --calibrate measures this one";
            case NOTHING -> "nothing on this machine, and so a guess";
        };
    }
}
