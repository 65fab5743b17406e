/** What engines say about themselves: their metrics pages and load headers, read into one shape. */
package io.weir.routing.telemetry;
