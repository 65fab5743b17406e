/** Roles started and stopped in the right order, in one process or one by one. */
package io.weir.launcher.role;
