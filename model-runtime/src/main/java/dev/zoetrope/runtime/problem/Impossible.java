package dev.zoetrope.runtime.problem;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Something that was asked for and cannot be done; the remedy names what could be, where it can.
 */
public sealed interface Impossible extends Problem {
    /** A model that is not installed, and is no file either. */
    record ModelUnknown(String name, List<String> installed) implements Impossible {
        public ModelUnknown {
            installed = List.copyOf(installed);
        }

        @Override
        public String cause() {
            return "There is no model named %s and no such file or folder.".formatted(name);
        }

        @Override
        public String remedy() {
            return installed.isEmpty()
                    ? "No model is installed; import one with zoetrope models import."
                    : "Installed models: %s.".formatted(listed(installed));
        }
    }

    /** A name that no model can have. */
    record ModelNameUnusable(String name) implements Impossible {
        @Override
        public String cause() {
            return "A model cannot be named %s.".formatted(name);
        }

        @Override
        public String remedy() {
            return "Use letters, digits, dots, - and _, and begin with a letter or digit.";
        }
    }

    /** A name that another model has. */
    record ModelNameTaken(String name) implements Impossible {
        @Override
        public String cause() {
            return "There is a model named %s already.".formatted(name);
        }

        @Override
        public String remedy() {
            return "Choose another name with --name, or remove that model first.";
        }
    }

    /** To remove a model that came with Zoetrope. */
    record ModelBundled(String name) implements Impossible {
        @Override
        public String cause() {
            return "%s came with Zoetrope and cannot be removed.".formatted(name);
        }

        @Override
        public String remedy() {
            return "Only models that were imported can be removed.";
        }
    }

    /** Work that takes a codec where none is installed. */
    record CodecMissing() implements Impossible {
        @Override
        public String cause() {
            return "No codec is installed.";
        }

        @Override
        public String remedy() {
            return "Name a model folder with --codec, or import one with zoetrope models import.";
        }
    }

    /**
     * A GPU where libtorch can compute on none.
     *
     * @param libtorch its version
     */
    record GpuMissing(String libtorch) implements Impossible {
        @Override
        public String cause() {
            return "There is no GPU that this libtorch can compute on.";
        }

        @Override
        public String remedy() {
            return "zoetrope gpu says what would have to be done; or leave --device out.";
        }
    }

    /** Libraries for a GPU, on a system that there are none for. */
    record GpuLibrariesNowhere() implements Impossible {
        @Override
        public String cause() {
            return "Zoetrope can compute on a GPU on Linux and Windows, on processors of x86-64.";
        }

        @Override
        public String remedy() {
            return "Compute on the processor.";
        }
    }

    /** Work for a GPU, where none is found. */
    record GpuNotFound() implements Impossible {
        @Override
        public String cause() {
            return "No GPU of NVIDIA's is found.";
        }

        @Override
        public String remedy() {
            return "Where there is one, install its driver: nvidia-smi has to list it.";
        }
    }

    /**
     * A GPU whose driver is too old.
     *
     * @param least the version it has to have
     */
    record GpuDriverOld(String gpu, String driver, String least) implements Impossible {
        @Override
        public String cause() {
            return "The driver of the %s is version %s, and version %s is needed."
                    .formatted(gpu, driver, least);
        }

        @Override
        public String remedy() {
            return "Install a newer driver.";
        }
    }

    /**
     * A GPU that the libraries have no code for.
     *
     * @param capability its compute capability
     */
    record GpuUnfit(String gpu, String capability) implements Impossible {
        @Override
        public String cause() {
            return "The %s has compute capability %s, and there are libraries for 5.0 to 9.0."
                    .formatted(gpu, capability);
        }

        @Override
        public String remedy() {
            return "Point PYTORCH_LIBRARY_PATH at the lib folder of a libtorch 2.7.1 for CUDA that knows it, and set PYTORCH_FLAVOR=cu128.";
        }
    }

    /** To bring or remove libraries for a GPU while that is being done. */
    record GpuLibrariesBusy() implements Impossible {
        @Override
        public String cause() {
            return "The libraries for the GPU are being brought or removed already.";
        }

        @Override
        public String remedy() {
            return "Wait for it, or cancel it where it was begun.";
        }
    }

    /** Something that is no address of a Maven repository. */
    record RepositoryUnusable(String address) implements Impossible {
        @Override
        public String cause() {
            return "%s is not the address of a Maven repository.".formatted(address);
        }

        @Override
        public String remedy() {
            return "It begins with https:// and is what Maven itself would be given.";
        }
    }

    /**
     * Files that a disk has no room for.
     *
     * @param needed bytes
     * @param free bytes
     */
    record DiskTooSmall(Path folder, long needed, long free) implements Impossible {
        private static final double GB = 1e9;

        @Override
        public String cause() {
            return "%.1f GB are needed on the disk of %s, and %.1f GB are free."
                    .formatted(needed / GB, folder, free / GB);
        }

        @Override
        public String remedy() {
            return "Make room there, or name another place for everything in ZOETROPE_HOME.";
        }
    }

    /** FP16 on the processor, which has hardly an operator of it. */
    record HalfOnProcessor() implements Impossible {
        @Override
        public String cause() {
            return "FP16 is for GPUs; this computes on the processor.";
        }

        @Override
        public String remedy() {
            return "Use FP32 or BF16.";
        }
    }

    /** A job that is not in the queue, or no longer. */
    record JobUnknown(String id) implements Impossible {
        @Override
        public String cause() {
            return "There is no job %s.".formatted(id);
        }

        @Override
        public String remedy() {
            return "zoetrope jobs list shows those there are.";
        }
    }

    /** To change a clip that is being made. */
    record ClipBegun() implements Impossible {
        @Override
        public String cause() {
            return "This clip was begun meanwhile, and is made as it was asked for.";
        }

        @Override
        public String remedy() {
            return "Leave it, or generate another one with what is set here.";
        }
    }

    /** A picture to begin with, for a model that begins from noise alone. */
    record FirstFrameRefused(String denoiser) implements Impossible {
        @Override
        public String cause() {
            return "A %s begins from noise alone and takes no first frame.".formatted(denoiser);
        }

        @Override
        public String remedy() {
            return "Leave out the image and describe it in the prompt, or take a model that was trained to go on from a picture.";
        }
    }

    /**
     * A prompt that names none of the classes a model knows.
     *
     * @param asked blank when nothing was
     * @param classes how many there are, numbered from 0
     * @param some of their names, where they have any
     */
    record ClassUnknown(String asked, int classes, List<String> some) implements Impossible {
        public ClassUnknown {
            some = List.copyOf(some);
        }

        @Override
        public String cause() {
            return asked.isEmpty()
                    ? "This model makes clips of a class, and none was named."
                    : "This model has no class \"%s\".".formatted(asked);
        }

        @Override
        public String remedy() {
            return "Name a class from 0 to %d as the prompt%s."
                    .formatted(
                            classes - 1,
                            some.isEmpty() ? "" : ", or by name, such as " + listed(some));
        }
    }

    /** A sampler that a model has not. */
    record SamplerUnknown(String asked, List<String> possible) implements Impossible {
        public SamplerUnknown {
            possible = List.copyOf(possible);
        }

        @Override
        public String cause() {
            return "There is no sampler called \"%s\" for this model.".formatted(asked);
        }

        @Override
        public String remedy() {
            return "Choose one of %s.".formatted(listed(possible));
        }
    }

    /** More steps than a sampler can take, or none at all. */
    record StepsBeyond(int asked, int most) implements Impossible {
        @Override
        public String cause() {
            return "This sampler cannot take %d steps.".formatted(asked);
        }

        @Override
        public String remedy() {
            return "Choose between 1 and %d steps.".formatted(most);
        }
    }

    /** Fewer steps than a sampler needs. */
    record StepsBelow(int asked, int least) implements Impossible {
        @Override
        public String cause() {
            return "This sampler cannot take %d steps.".formatted(asked);
        }

        @Override
        public String remedy() {
            return "Choose %d steps or more.".formatted(least);
        }
    }

    /**
     * A number of steps that cannot be spread over those a model was trained at, or over a section
     * of them.
     */
    record StepsUneven(int asked, int among) implements Impossible {
        @Override
        public String cause() {
            return "%d steps cannot be chosen evenly from %d.".formatted(asked, among);
        }

        @Override
        public String remedy() {
            return "Choose another number of steps, %d at most.".formatted(among);
        }
    }

    /** A name whose extension stands for no format. */
    record FormatUnknown(String extension) implements Impossible {
        @Override
        public String cause() {
            return "No video can be written as .%s.".formatted(extension);
        }

        @Override
        public String remedy() {
            return "Name the output .mp4, .webm, .webp or .gif, or give a name without an extension for a folder of PNG pictures.";
        }
    }

    /**
     * A size that an encoder does not take.
     *
     * @param reason the end of a sentence
     */
    record SizeUnwritable(int width, int height, String format, String reason)
            implements Impossible {
        @Override
        public String cause() {
            return "A clip of %d x %d pixels cannot be written as %s: %s."
                    .formatted(width, height, format, reason);
        }

        @Override
        public String remedy() {
            return "Choose another size, or another format by another extension.";
        }
    }

    /** A part of a clip, in the place of the clip. */
    record ExportOverItself(Path clip) implements Impossible {
        @Override
        public String cause() {
            return "A part of %s would replace all of it.".formatted(clip.getFileName());
        }

        @Override
        public String remedy() {
            return "Choose another name or another folder.";
        }
    }

    /** A picture so long that a frame shows next to nothing of it. */
    record PictureTooLong(int width, int height, int frameWidth, int frameHeight)
            implements Impossible {
        @Override
        public String cause() {
            return "A picture of %d x %d is too long to fill %d x %d."
                    .formatted(width, height, frameWidth, frameHeight);
        }

        @Override
        public String remedy() {
            return "Cut it to a shape that is nearer to the clip's.";
        }
    }

    /** To begin where a video has ended. */
    record StartBeyondEnd(double seconds, Path video) implements Impossible {
        @Override
        public String cause() {
            return "There is no frame at %s seconds of %s.".formatted(seconds, video);
        }

        @Override
        public String remedy() {
            return "Start earlier.";
        }
    }

    /** Clips to learn from that are neither a data set nor a folder. */
    record DataSetUnknown(String name, List<String> installed) implements Impossible {
        public DataSetUnknown {
            installed = List.copyOf(installed);
        }

        @Override
        public String cause() {
            return "There is no data set and no folder named %s.".formatted(name);
        }

        @Override
        public String remedy() {
            return "Name a folder of videos and pictures%s."
                    .formatted(installed.isEmpty() ? "" : ", or " + listed(installed));
        }
    }

    /**
     * A folder, or a list of files, that nothing can be learned from.
     *
     * @param unusable files in it
     * @param first what is wrong with the first of those
     */
    record NothingToLearn(Path place, int unusable, Optional<Problem> first) implements Impossible {
        @Override
        public String cause() {
            return "There is no video and no picture in "
                    + place
                    + " that can be read"
                    + first.map(problem ->
                                    "; the first of %d unusable files says: %s"
                                            .formatted(unusable, problem.cause()))
                            .orElse(".");
        }

        @Override
        public String remedy() {
            return "Choose a folder with videos or pictures, the more and the more varied the better.";
        }
    }

    /** A list of captions with a line that says nothing. */
    record CaptionsUnreadable(Path list, int line) implements Impossible {
        @Override
        public String cause() {
            return "Line %d of %s does not say which file and which caption.".formatted(line, list);
        }

        @Override
        public String remedy() {
            return "A .csv begins with the names of its columns; the file's is path, the caption's caption. A .jsonl has an object with both in each line.";
        }
    }

    /** A run to go on with that learns something else. */
    record RunOtherwise(Path run) implements Impossible {
        @Override
        public String cause() {
            return "The run in %s learns something else.".formatted(run);
        }

        @Override
        public String remedy() {
            return "Objective, end of the schedule, rank of adapters, share of held-out clips and how often first frames are given stay as they were; begin another run with --from for others.";
        }
    }

    /** Other clips than a run began with. */
    record ClipsOtherwise(Path latents) implements Impossible {
        @Override
        public String cause() {
            return "The latents in %s were made from other clips.".formatted(latents);
        }

        @Override
        public String remedy() {
            return "Ask for what the run began with, or delete that folder.";
        }
    }

    /** More classes than a model can tell apart. */
    record ClassesBeyond(int classes, int known) implements Impossible {
        @Override
        public String cause() {
            return "The clips are of %d classes, and the model knows %d.".formatted(classes, known);
        }

        @Override
        public String remedy() {
            return "Give it as many in num_classes.";
        }
    }

    /**
     * A shape of clips that a codec and a denoiser do not take.
     *
     * @param multiple of which width and height are to be
     * @param nearest possible number of frames
     */
    record ShapeUnlearnable(int frames, int width, int height, int multiple, int nearest)
            implements Impossible {
        @Override
        public String cause() {
            return "This codec and this denoiser take no clips of %d frames, %d x %d."
                    .formatted(frames, width, height);
        }

        @Override
        public String remedy() {
            return "Width and height are multiples of %d, and the nearest number of frames is %d."
                    .formatted(multiple, nearest);
        }
    }

    /**
     * A configuration of something that is not trained.
     *
     * @param className that it names; blank for none
     */
    record DenoiserUntrainable(Path config, String className) implements Impossible {
        @Override
        public String cause() {
            return "%s has %s in _class_name, which is no denoiser that is trained."
                    .formatted(config, className.isEmpty() ? "nothing" : className);
        }

        @Override
        public String remedy() {
            return "It can be LatteT2V, Latte without extras 78, or VideoDiT.";
        }
    }

    /** To learn so fast that the numbers left their range. */
    record TrainingDiverged(long step, double loss, double gradient) implements Impossible {
        @Override
        public String cause() {
            return "The training left the range of numbers by step %d (loss %s, gradient %s)."
                    .formatted(step, loss, gradient);
        }

        @Override
        public String remedy() {
            return "The last saved state is whole. Resume it with a lower learning rate.";
        }
    }

    /** To train on no clips. */
    record ClipsUnchosen() implements Impossible {
        @Override
        public String cause() {
            return "No clips to learn from were chosen.";
        }

        @Override
        public String remedy() {
            return "Choose some, or wait until the models are loaded.";
        }
    }

    /** A name that no run can have. */
    record RunNameUnusable(String name) implements Impossible {
        @Override
        public String cause() {
            return "A run cannot be named \"%s\".".formatted(name);
        }

        @Override
        public String remedy() {
            return "Use letters, digits, spaces, dots, - and _, and begin with a letter or digit.";
        }
    }

    /** Something typed that is no number of steps. */
    record StepsMistyped(String typed) implements Impossible {
        @Override
        public String cause() {
            return "\"%s\" is not a number of steps.".formatted(typed);
        }

        @Override
        public String remedy() {
            return "Type a whole number from 1, such as 50.";
        }
    }

    /** Something typed that is no strength of guidance. */
    record GuidanceMistyped(String typed) implements Impossible {
        @Override
        public String cause() {
            return "\"%s\" is no strength of guidance.".formatted(typed);
        }

        @Override
        public String remedy() {
            return "Type a number from 1, which is none, such as 4.5, or leave it empty.";
        }
    }

    /** Something typed that is no seed. */
    record SeedMistyped(String typed) implements Impossible {
        @Override
        public String cause() {
            return "The seed \"%s\" is not a whole number.".formatted(typed);
        }

        @Override
        public String remedy() {
            return "Type a whole number, or -1 for a new one with every clip.";
        }
    }

    /** Something typed that is no time in a video. */
    record StartMistyped(String typed) implements Impossible {
        @Override
        public String cause() {
            return "The start \"%s\" is not a number of seconds.".formatted(typed);
        }

        @Override
        public String remedy() {
            return "Type seconds from the beginning, such as 2.5, or leave it empty.";
        }
    }

    /** Something typed that is no number of frames. */
    record FramesMistyped(String typed) implements Impossible {
        @Override
        public String cause() {
            return "\"%s\" is not a number of frames.".formatted(typed);
        }

        @Override
        public String remedy() {
            return "Type a whole number from 1, or leave it empty for all frames.";
        }
    }

    /** Something typed that is no size of clips. */
    record ShapeMistyped(String typed) implements Impossible {
        @Override
        public String cause() {
            return "\"%s\" is not a size of clips.".formatted(typed);
        }

        @Override
        public String remedy() {
            return "Type frames, height and width, such as 16 x 64 x 64.";
        }
    }

    private static String listed(List<String> names) {
        return String.join(", ", names);
    }
}
