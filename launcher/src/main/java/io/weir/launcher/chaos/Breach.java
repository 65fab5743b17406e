package io.weir.launcher.chaos;

/**
 * A promise that was not kept.
 *
 * @param promise which one, in a few words
 * @param requestId of the request; empty where the log knows none
 * @param number of the client's request, -1 where it is none of ours
 * @param detail what was found
 */
record Breach(String promise, String requestId, int number, String detail) {}
