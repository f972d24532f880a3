package dev.zoetrope.runtime.device;

/** What else the machine is used for. */
@FunctionalInterface
public interface OtherPrograms {
    /**
     * The part of all processors that other programs have had since this was asked before, from 0
     * to 1; 0 where the system does not tell.
     */
    double share();
}
