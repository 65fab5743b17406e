/** What commands share: units, errors, signals. */
package io.weir.launcher.cli;
