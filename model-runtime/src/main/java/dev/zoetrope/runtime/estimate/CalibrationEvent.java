package dev.zoetrope.runtime.estimate;

/**
 * One more small clip is measured.
 *
 * @param clips so far
 * @param most that there will be, unless time is short
 */
public record CalibrationEvent(int clips, int most) {}
