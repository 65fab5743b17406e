/** The fleet on its topics: what was configured, added and drained. */
package io.weir.controller.fleet;
