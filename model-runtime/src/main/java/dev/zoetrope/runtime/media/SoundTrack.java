package dev.zoetrope.runtime.media;

/** What became of the sound of a source. */
public enum SoundTrack {
    /** Taken over as it is. */
    COPIED,
    /** Encoded anew, because the container cannot hold the source's codec. */
    ENCODED,
    /** The source has no sound. */
    NONE_IN_SOURCE,
    /** The format written has no sound. */
    NONE_IN_FORMAT
}
