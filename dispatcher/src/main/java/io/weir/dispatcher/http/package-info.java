/**
 * HTTP/1.1 to engines over blocking sockets, for virtual threads. Small on purpose: it knows which
 * phase a call failed in, can be aborted from another thread at any time, never buffers more than
 * 16 KiB, and spends a third of the processor time of a general client (docs/decisions).
 */
package io.weir.dispatcher.http;
