/**
 * {@code weir chaos}: every role as a process of its own under load, while they are killed, paused
 * and restarted, with a ledger of what became of each request.
 */
package io.weir.launcher.chaos;
