package dev.zoetrope.app.train;

import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.LossPoint;
import dev.zoetrope.runtime.training.SkippedFile;
import dev.zoetrope.runtime.training.TrainingEvent;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** What the page learns of a training, of whatever model. */
sealed interface News {
    /** Clips or captions on their way into the cache. */
    record Gathered(DenoiserTrainingEvent.Extracted extracted) implements News {}

    record LeftOut(List<SkippedFile> files) implements News {
        public LeftOut {
            files = List.copyOf(files);
        }
    }

    /** What was learned before, by a run that goes on. */
    record GoesOn(List<LossPoint> losses, List<SampleSheet> sheets) implements News {
        public GoesOn {
            losses = List.copyOf(losses);
            sheets = List.copyOf(sheets);
        }
    }

    record Stepped(Pace pace) implements News {}

    record Saved(long step) implements News {}

    /** Of clips that nothing is learned from. */
    record Judged(double heldOutLoss) implements News {}

    record Sampled(SampleSheet sheet) implements News {}

    record Reached(JobState state) implements News {}

    private static News of(TrainingEvent event) {
        return switch (event) {
            case TrainingEvent.Stepped s ->
                    new Stepped(
                            new Pace(
                                    s.step(),
                                    s.steps(),
                                    s.loss(),
                                    s.learningRate(),
                                    s.secondsPerStep()));
            case TrainingEvent.Sampled s ->
                    new Sampled(new SampleSheet(Subject.CODEC, s.step(), s.sheet()));
            case TrainingEvent.StateSaved s -> new Saved(s.step());
        };
    }

    private static News of(DenoiserTrainingEvent event) {
        return switch (event) {
            case DenoiserTrainingEvent.Extracted extracted -> new Gathered(extracted);
            case DenoiserTrainingEvent.LeftOut(var files) -> new LeftOut(files);
            case DenoiserTrainingEvent.Stepped s ->
                    new Stepped(
                            new Pace(
                                    s.step(),
                                    s.steps(),
                                    s.loss(),
                                    s.learningRate(),
                                    s.secondsPerStep()));
            case DenoiserTrainingEvent.Judged j -> new Judged(j.heldOutLoss());
            case DenoiserTrainingEvent.Sampled s ->
                    new Sampled(new SampleSheet(Subject.DENOISER, s.step(), s.sheet()));
            case DenoiserTrainingEvent.StateSaved s -> new Saved(s.step());
        };
    }

    /** Hears of a codec's training. */
    static JobListener<TrainingEvent> ofCodec(Consumer<? super News> sink) {
        return new Reporter<>(News::of, sink);
    }

    /** Hears of a denoiser's training. */
    static JobListener<DenoiserTrainingEvent> ofDenoiser(Consumer<? super News> sink) {
        return new Reporter<>(News::of, sink);
    }

    /** Passes on what a job tells. */
    record Reporter<E>(Function<E, News> translation, Consumer<? super News> sink)
            implements JobListener<E> {
        @Override
        public void onEvent(E event) {
            sink.accept(translation.apply(event));
        }

        @Override
        public void onState(JobState state) {
            sink.accept(new Reached(state));
        }
    }
}
