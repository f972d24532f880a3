package dev.zoetrope.runtime.media;

/** Sound of another file on its way into a container beside the pictures. */
sealed interface KeptSound extends AutoCloseable permits CopiedSound, EncodedSound {
    /** Writes all packets that begin before this time of the new clip. */
    void writeUntil(double seconds);

    @Override
    void close();
}
