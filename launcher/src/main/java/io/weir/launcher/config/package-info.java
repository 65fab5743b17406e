/** The configuration file: YAML with line numbers and environment variables, bound to records. */
package io.weir.launcher.config;
