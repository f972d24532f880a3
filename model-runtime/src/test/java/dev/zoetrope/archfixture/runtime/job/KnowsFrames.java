package dev.zoetrope.archfixture.runtime.job;

import dev.zoetrope.archfixture.runtime.media.ExtendsANativePointer;

/** A job that can only be about media. */
public record KnowsFrames(ExtendsANativePointer frame) {}
