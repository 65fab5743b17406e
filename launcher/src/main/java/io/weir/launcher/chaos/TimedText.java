package io.weir.launcher.chaos;

/**
 * One line of a history.
 *
 * @param at milliseconds since the epoch
 */
record TimedText(long at, String text) {}
