package dev.zoetrope.runtime.gpu;

/**
 * How much has come.
 *
 * @param came bytes, with those of earlier tries
 * @param total bytes
 * @param library that is being downloaded, or unpacked and checked
 * @param unpacking whether it is the latter
 */
public record LibraryProgress(long came, long total, String library, boolean unpacking) {}
