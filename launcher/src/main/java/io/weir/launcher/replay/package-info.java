/** {@code weir replay}: traces in virtual time, policies side by side. */
package io.weir.launcher.replay;
