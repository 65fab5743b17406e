/** The {@code weir} command: everything in one process, and every role on its own. */
package io.weir.launcher;
