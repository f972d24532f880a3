package dev.zoetrope.pipeline;

import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.device.Processor;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobQueue;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.TrainingEvent;
import dev.zoetrope.train.CodecTraining;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Does the work in this process. */
public final class LocalRuntime implements ModelRuntime {
    private final CheckpointStore checkpoints;
    private final JobQueue queue = new JobQueue();

    private LocalRuntime(CheckpointStore checkpoints) {
        this.checkpoints = checkpoints;
    }

    /** Opens nothing yet: libtorch is loaded with the first job. */
    public static LocalRuntime open(UserFolders folders) {
        return new LocalRuntime(new CheckpointStore(folders.models()));
    }

    @Override
    public List<String> codecs() {
        return checkpoints.names();
    }

    @Override
    public Job reconstruct(
            ReconstructionRequest request, JobListener<ReconstructionEvent> listener) {
        return queue.submit(
                (events, stop) -> {
                    CodecCheckpoint checkpoint =
                            CodecCheckpoint.open(checkpoints.find(request.codec()));
                    Precision precision =
                            request.precision().orElseGet(Processor::preferredPrecision);
                    new ReconstructionPipeline(
                                    request, checkpoint, precision, events::onEvent, stop)
                            .run();
                },
                listener);
    }

    @Override
    public Job trainCodec(CodecTrainingRequest request, JobListener<TrainingEvent> listener) {
        return queue.submit(
                (events, stop) -> {
                    ClipSource source = dataset(request.datasets().getFirst());
                    try (CodecTraining training = new CodecTraining(request, source)) {
                        training.run(events::onEvent, stop);
                    }
                    stop.check();
                },
                listener);
    }

    private ClipSource dataset(String nameOrFolder) {
        Optional<ClipSource> named =
                ServiceLoader.load(ClipSource.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(source -> source.name().equals(nameOrFolder))
                        .findFirst();
        if (named.isPresent()) {
            return named.get();
        }
        throw new Problem.ImpossibleRequest(
                        "There is no data set named %s.".formatted(nameOrFolder),
                        "Name a folder of videos and pictures, or paper-theatre.")
                .asException();
    }

    @Override
    public void close() {
        queue.close();
    }
}
