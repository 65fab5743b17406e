/** Takes requests from their lanes, runs them on engines, and writes the answers back. */
package io.weir.dispatcher;
