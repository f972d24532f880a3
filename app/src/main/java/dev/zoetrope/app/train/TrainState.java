package dev.zoetrope.app.train;

/** Where the page's training is. */
public enum TrainState {
    /** None was started. */
    IDLE,
    /** Waiting for the models, the device, clips in the cache or the first figures. */
    PREPARING,
    /** Figures are coming. */
    RUNNING,
    /** Asked to stop; the state is being saved. */
    STOPPING,
    /** Stopped before its end; it can go on. */
    STOPPED,
    FAILED,
    /** All steps are done. */
    FINISHED
}
