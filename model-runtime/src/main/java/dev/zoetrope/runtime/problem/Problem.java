package dev.zoetrope.runtime.problem;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;

/**
 * An expected failure, explained to the person it happens to: {@link #cause()} says what is wrong
 * in one sentence, {@link #remedy()} what to do about it. Both are plain words, without a stack
 * trace, a class name or jargon that the person did not bring along.
 */
public sealed interface Problem
        permits Impossible,
                Problem.FileMissing,
                Problem.FileInaccessible,
                Problem.CheckpointUnknown,
                Problem.CheckpointDamaged,
                Problem.CheckpointUnsafe,
                Problem.CheckpointMismatch,
                Problem.TokenizerMissing,
                Problem.TokenizerUnusable,
                Problem.MediaUnreadable,
                Problem.ClipFaulty,
                Problem.RecipeUnreadable,
                Problem.SettingsUnreadable,
                Problem.ImpossibleRequest,
                Problem.OutOfMemory,
                Problem.DownloadFailed,
                Problem.DownloadWrong,
                Problem.JobParked,
                Problem.EngineUnavailable,
                Problem.Unexpected {

    /** What is wrong, one sentence. */
    String cause();

    /** What the person can do about it, one or two sentences. */
    String remedy();

    /** Throws this problem; typed so that callers can write {@code throw problem.asException()}. */
    default ProblemException asException() {
        return new ProblemException(this, null);
    }

    /** As {@link #asException()}, keeping the exception it came from for the log. */
    default ProblemException asException(Throwable origin) {
        return new ProblemException(this, origin);
    }

    /** A file or folder that is not there. */
    record FileMissing(Path file) implements Problem {
        @Override
        public String cause() {
            return "There is no file at " + file + ".";
        }

        @Override
        public String remedy() {
            return "Check the path, or drag the file into the window.";
        }
    }

    /**
     * A file that is there but cannot be read or written: permissions, a disk error, a full disk.
     */
    record FileInaccessible(Path file, String reason) implements Problem {

        /** The problem behind a failed file operation, whose own message is often just the path. */
        public static FileInaccessible of(Path file, IOException failure) {
            String message = failure.getMessage();
            if (failure instanceof AccessDeniedException) {
                message = "access is not permitted";
            } else if (failure instanceof FileSystemException system
                    && system.getReason() != null) {
                message = system.getReason();
            }
            return new FileInaccessible(
                    file, message == null ? failure.getClass().getSimpleName() : message);
        }

        @Override
        public String cause() {
            return file + " cannot be used: " + reason + ".";
        }

        @Override
        public String remedy() {
            return "Check the permissions and the free space of the disk, or choose another place.";
        }
    }

    /** A file that no known checkpoint format fits. */
    record CheckpointUnknown(Path file, String reason) implements Problem {
        @Override
        public String cause() {
            return file + " is not a checkpoint Zoetrope knows: " + reason + ".";
        }

        @Override
        public String remedy() {
            return "Zoetrope opens .safetensors, .pth, .pt, .bin, .ckpt and .onnx weights and model folders that hold them.";
        }
    }

    /** A checkpoint that starts well but is truncated, overlapping or otherwise no longer whole. */
    record CheckpointDamaged(Path file, String reason) implements Problem {
        @Override
        public String cause() {
            return file + " is damaged: " + reason + ".";
        }

        @Override
        public String remedy() {
            return "Download or copy the file again, and compare its size with the original's.";
        }
    }

    /** A pickle that asks for more than tensors and plain containers. */
    record CheckpointUnsafe(Path file, String request) implements Problem {
        @Override
        public String cause() {
            return file
                    + " asks to run code ("
                    + request
                    + "), so it was not opened. Nothing in it was run.";
        }

        @Override
        public String remedy() {
            return "Use a .safetensors version of the model, or get the file from a source you trust.";
        }
    }

    /** A checkpoint whose tensors are not those of the architecture; every difference is listed. */
    record CheckpointMismatch(
            Path file,
            String architecture,
            List<String> missing,
            List<String> unexpected,
            List<String> misshapen)
            implements Problem {
        public CheckpointMismatch {
            missing = List.copyOf(missing);
            unexpected = List.copyOf(unexpected);
            misshapen = List.copyOf(misshapen);
        }

        @Override
        public String cause() {
            StringBuilder text =
                    new StringBuilder(file + " does not fit the model " + architecture + ".");
            list(text, "Missing", missing);
            list(text, "Unexpected", unexpected);
            list(text, "Wrong shape", misshapen);
            return text.toString();
        }

        @Override
        public String remedy() {
            return "Use the config.json that came with these weights, or choose the model they were trained for.";
        }

        private static void list(StringBuilder text, String title, List<String> keys) {
            if (!keys.isEmpty()) {
                text.append(System.lineSeparator()).append(title).append(": ");
                text.append(String.join(", ", keys));
            }
        }
    }

    /** A model folder without anything that cuts a prompt into tokens. */
    record TokenizerMissing(Path folder) implements Problem {
        @Override
        public String cause() {
            return folder + " holds no tokenizer, so the model cannot read a prompt.";
        }

        @Override
        public String remedy() {
            return "Put the model's tokenizer.json there, or its spiece.model, or its vocab.json and merges.txt.";
        }
    }

    /**
     * A tokenizer that cannot be used.
     *
     * @param reason the end of a sentence
     */
    record TokenizerUnusable(Path file, String reason) implements Problem {
        @Override
        public String cause() {
            return file + " cannot be used as a tokenizer: " + reason + ".";
        }

        @Override
        public String remedy() {
            return "Download the file again, or put the tokenizer.json of the same model beside it.";
        }
    }

    /** A video or picture that cannot be decoded. */
    record MediaUnreadable(Path file, String reason) implements Problem {
        @Override
        public String cause() {
            return file + " cannot be read as a video: " + reason + ".";
        }

        @Override
        public String remedy() {
            return "Try whether another player shows it; if so, convert it to MP4 and try again.";
        }
    }

    /**
     * A clip that no one can have wanted; what it was decoded from is kept.
     *
     * @param fault the end of a sentence
     * @param latents where it was decoded from
     */
    record ClipFaulty(String fault, Path latents) implements Problem {
        @Override
        public String cause() {
            return "The clip came out " + fault + ".";
        }

        @Override
        public String remedy() {
            return "Try another seed, less guidance, or FP32 precision. Its latents are kept in "
                    + latents
                    + ".";
        }
    }

    /**
     * A clip that says how it was made, but not so that it can be made again.
     *
     * @param reason the end of a sentence
     */
    record RecipeUnreadable(Path clip, String reason) implements Problem {
        @Override
        public String cause() {
            return "How " + clip + " was made cannot be read from it: " + reason + ".";
        }

        @Override
        public String remedy() {
            return "The clip itself may still be fine. Take the settings from another copy of it, or open it with the Zoetrope that made it.";
        }
    }

    /**
     * Settings that could not be understood, so that new ones were begun.
     *
     * @param kept where the old ones are now
     */
    record SettingsUnreadable(Path kept) implements Problem {
        @Override
        public String cause() {
            return "The settings could not be understood, so Zoetrope starts with new ones.";
        }

        @Override
        public String remedy() {
            return "The old file was kept as " + kept + ".";
        }
    }

    /** What only the command line can ask for in vain; all else is {@link Impossible}. */
    record ImpossibleRequest(String cause, String remedy) implements Problem {}

    /** Not enough memory for the work asked for; {@code remedy} names what would fit. */
    record OutOfMemory(String work, String remedy) implements Problem {
        /** Where nobody knows what would fit. */
        public OutOfMemory(String work) {
            this(work, "Close other programs, or choose a smaller size or fewer frames.");
        }

        /** Whether a failure is libtorch's word for this: it differs by device and by system. */
        public static boolean isSaidBy(RuntimeException failure) {
            String message = String.valueOf(failure.getMessage());
            return message.contains("can't allocate memory")
                    || message.contains("not enough memory")
                    || message.contains("out of memory");
        }

        @Override
        public String cause() {
            return "There is not enough memory for " + work + ".";
        }
    }

    /**
     * A download that did not come to its end.
     *
     * @param from address of what it was to come from
     * @param reason the end of a sentence
     */
    record DownloadFailed(String from, String reason) implements Problem {
        @Override
        public String cause() {
            return "The download from %s did not come to its end: %s.".formatted(from, reason);
        }

        @Override
        public String remedy() {
            return "Try again: what has come is kept. Another Maven repository can be named in ZOETROPE_MAVEN_REPOSITORY.";
        }
    }

    /** A downloaded file that is not the one that was asked for. */
    record DownloadWrong(String file, String from) implements Problem {
        @Override
        public String cause() {
            return "%s from %s is not what it has to be: its checksum is another one."
                    .formatted(file, from);
        }

        @Override
        public String remedy() {
            return "It was thrown away, and what else has come is kept: try again, or name another Maven repository in ZOETROPE_MAVEN_REPOSITORY.";
        }
    }

    /** A job that ended the engine again and again. */
    record JobParked(int times) implements Problem {
        @Override
        public String cause() {
            return "The engine ended %d times at the same place of this job.".formatted(times);
        }

        @Override
        public String remedy() {
            return "Most often memory was short: choose a smaller size or fewer frames, or close other"
                    + " programs and resume it.";
        }
    }

    /**
     * No engine does the work.
     *
     * @param reason the end of a sentence
     */
    record EngineUnavailable(String reason) implements Problem {
        @Override
        public String cause() {
            return "Zoetrope's engine " + reason + ".";
        }

        @Override
        public String remedy() {
            return "Try again; zoetrope doctor says where the engine's log is.";
        }
    }

    /** A defect of Zoetrope itself, or of a library under it. */
    record Unexpected(String summary) implements Problem {
        @Override
        public String cause() {
            return "Something unexpected went wrong: " + summary;
        }

        @Override
        public String remedy() {
            return "Run the command again with --verbose for the details, and report them.";
        }
    }
}
