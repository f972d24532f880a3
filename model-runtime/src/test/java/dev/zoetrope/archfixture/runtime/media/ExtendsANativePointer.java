package dev.zoetrope.archfixture.runtime.media;

import org.bytedeco.javacpp.Pointer;

/** Native memory with another name. */
public final class ExtendsANativePointer extends Pointer {}
