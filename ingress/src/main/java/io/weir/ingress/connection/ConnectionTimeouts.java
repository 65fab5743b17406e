package io.weir.ingress.connection;

import java.time.Duration;

/**
 * How long a client may take.
 *
 * @param idle between two requests, up to the first byte of the next
 * @param headers from the first byte of a request to the end of its headers
 * @param body from the end of the headers to the end of the body
 * @param write for the socket to take one write
 */
public record ConnectionTimeouts(Duration idle, Duration headers, Duration body, Duration write) {}
